import { checkConstraints } from '../../../../tools/local/calls/aws-constraints';

const check = (service: string, operation: string, input: Record<string, unknown>, body = '') =>
  checkConstraints({ operation, input, unread: new Set() }, { service, method: 'POST', path: '/', headers: {}, body });

const standard = { QueueUrl: 'https://sqs/1/Orders', MessageBody: 'm' };
const fifo = { QueueUrl: 'https://sqs/1/Orders.fifo', MessageBody: 'm' };

it.each([
  ['sqs', 'SendMessage', standard],
  ['sqs', 'SendMessage', { ...standard, MessageGroupId: 'fair' }],
  ['sqs', 'SendMessage', { ...fifo, MessageGroupId: 'g', MessageDeduplicationId: 'd' }],
  ['sqs', 'ReceiveMessage', { MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }],
  ['sqs', 'ChangeMessageVisibility', { VisibilityTimeout: 43_200 }],
  ['s3', 'PutObject', { Key: 'k'.repeat(1_024) }],
  ['states', 'StartExecution', { name: 'o-1.2_3', input: '{}' }],
  ['sns', 'Publish', { Subject: 'Backup complete', Message: 'm' }],
] as const)('%s %s takes %j', (service, operation, input) => {
  expect(check(service, operation, input)).toEqual([]);
});

it.each([
  ['sqs', 'SendMessage', { ...standard, MessageDeduplicationId: 'd' }, 'refused by a standard queue'],
  ['sqs', 'SendMessageBatch', { ...standard, Entries: [{ Id: '1', MessageDeduplicationId: 'd' }] }, 'standard queue'],
  ['sqs', 'SendMessage', fifo, 'MessageGroupId is missing'],
  ['sqs', 'SendMessage', { ...fifo, MessageGroupId: 'g', DelaySeconds: 5 }, 'refused by a FIFO queue'],
  ['sqs', 'SendMessage', { ...standard, MessageBody: 'm'.repeat(1_048_577) }, 'exceed 1 MiB'],
  ['sqs', 'DeleteMessageBatch', { Entries: [] }, '1 to 10 entries, not 0'],
  ['sqs', 'DeleteMessageBatch', { Entries: [{ Id: 'a' }, { Id: 'a' }] }, 'not distinct'],
  ['sqs', 'DeleteMessageBatch', { Entries: [{ Id: 'a b' }] }, 'Id "a b"'],
  ['sqs', 'ReceiveMessage', { MaxNumberOfMessages: 11 }, 'receives 11 messages'],
  ['sqs', 'ChangeMessageVisibility', { VisibilityTimeout: 43_201 }, '43,200'],
  ['s3', 'PutObject', { Key: 'ü'.repeat(513) }, '1,024 bytes'],
  ['states', 'StartExecution', { name: '2026-11-26T00:00:00' }, 'a character that AWS refuses'],
  ['states', 'SendTaskSuccess', { output: 'o'.repeat(262_145) }, '256 KiB'],
  ['sns', 'Publish', { Subject: 'two\nlines' }, 'line breaks'],
] as const)('%s %s refuses %j: %s', (service, operation, input, violation) => {
  expect(check(service, operation, input)).toEqual([expect.stringContaining(violation)]);
});

it('DeleteObjects refuses a key that XML cannot carry', () => {
  const body = (key: string) => `<Delete><Object><Key>${key}</Key></Object></Delete>`;
  expect(check('s3', 'DeleteObjects', {}, body('a&#13;b&#x9;c'))).toEqual([]);
  expect(check('s3', 'DeleteObjects', {}, body('a&#x1;b'))).toEqual([expect.stringContaining('XML cannot carry')]);
  expect(check('s3', 'DeleteObjects', {}, body('a\u0001b'))).toEqual([expect.stringContaining('XML cannot carry')]);
});
