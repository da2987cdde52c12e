import { eventSources } from '../../../../tools/local/localize/event-sources';
import { assemblyOf, host, templateOf } from './small-assembly';

test('rules match events of the stand-ins beside those of their services, and no others', () => {
  const rule = (source: readonly string[]) => ({
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: { source: [...source] } },
  });
  const assembly = assemblyOf({ Pushed: rule(['aws.codecommit', 'aws.s3']), Created: rule(['aws.s3']) });
  expect(eventSources.apply(assembly, host)).toEqual(['Photos/Pushed']);
  const { Pushed, Created } = templateOf(assembly).Resources;
  expect(Pushed?.Properties?.['EventPattern']).toEqual({ source: ['aws.codecommit', 'aws.s3', 'local.codecommit'] });
  expect(Created?.Properties?.['EventPattern']).toEqual({ source: ['aws.s3'] });
});
