import { streamMappings } from '../../../../tools/local/localize/stream-mappings';
import { assemblyOf, host, templateOf } from './small-assembly';

test('mappings of streams are disabled, those of queues are not', () => {
  const mapping = (source: string, attribute: string) => ({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { EventSourceArn: { 'Fn::GetAtt': [source, attribute] } },
  });
  const assembly = assemblyOf({
    Readings: { Type: 'AWS::Kinesis::Stream' },
    Accounts: { Type: 'AWS::DynamoDB::GlobalTable' },
    Orders: { Type: 'AWS::SQS::Queue' },
    FromReadings: mapping('Readings', 'Arn'),
    FromAccounts: mapping('Accounts', 'StreamArn'),
    FromOrders: mapping('Orders', 'Arn'),
  });
  expect(streamMappings.apply(assembly, host)).toEqual(['Photos/FromReadings', 'Photos/FromAccounts']);
  const { Resources } = templateOf(assembly);
  const enabled = ['FromReadings', 'FromAccounts', 'FromOrders'].map((id) => Resources[id]?.Properties?.['Enabled']);
  expect(enabled).toEqual([false, false, undefined]);
});
