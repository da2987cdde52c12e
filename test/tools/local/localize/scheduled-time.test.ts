import { scheduledTime } from '../../../../tools/local/localize/scheduled-time';
import { assemblyOf, host, templateOf } from './small-assembly';

test('the placeholder in a schedule becomes the time of the deployment', () => {
  const input = { 'Fn::Join': ['', ['{"at":"<aws.scheduler.scheduled-time>","bucket":"', { Ref: 'Bucket' }, '"}']] };
  const assembly = assemblyOf({
    Nightly: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: { Arn: 'arn', Input: input } } },
    Plain: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: { Arn: 'arn', Input: '{}' } } },
  });
  expect(scheduledTime.apply(assembly, host)).toEqual(['Photos/Nightly']);
  expect(templateOf(assembly).Resources['Nightly']?.Properties?.['Target']).toEqual({
    Arn: 'arn',
    Input: { 'Fn::Join': ['', ['{"at":"2026-01-02T03:04:05Z","bucket":"', { Ref: 'Bucket' }, '"}']] },
  });
});
