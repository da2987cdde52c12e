import { sqsBatches } from '../../../../tools/local/localize/sqs-batches';
import { assemblyOf, host, templateOf } from './small-assembly';

test('calls of a queue are allowed in batches too', () => {
  const statements = [
    { Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'], Resource: '*' },
    { Action: 'sqs:SendMessage', Resource: '*' },
    { Action: 's3:GetObject', Resource: '*' },
  ];
  const assembly = assemblyOf({
    Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: statements } } },
    Reads: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: [{ Action: 's3:GetObject' }] } } },
  });
  expect(sqsBatches.apply(assembly, host)).toEqual(['Photos/Policy']);
  const document = templateOf(assembly).Resources['Policy']?.Properties?.['PolicyDocument'] as {
    Statement: { Action: unknown }[];
  };
  expect(document.Statement.map(({ Action }) => Action)).toEqual([
    [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessageBatch',
      'sqs:ChangeMessageVisibilityBatch',
    ],
    ['sqs:SendMessage', 'sqs:SendMessageBatch'],
    's3:GetObject',
  ]);
});
