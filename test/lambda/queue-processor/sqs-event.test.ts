import { messagesOf, UnusableEvent } from '../../../lambda/queue-processor/sqs-event';
import { aRecord } from './records';

it('a record is read', () => {
  expect(messagesOf({ Records: [aRecord({ messageId: 'm-1', body: 'hello', receiveCount: 3 })] })).toEqual([
    { messageId: 'm-1', receiptHandle: 'handle of m-1', body: 'hello', receiveCount: 3 },
  ]);
});

it('only a FIFO queue orders its messages by group; a standard queue has groups for fairness', () => {
  const groups = (fifo: boolean) =>
    messagesOf({ Records: [aRecord({ fifo, group: 'c-7' })] }).map(({ group }) => group);
  expect(groups(true)).toEqual(['c-7']);
  expect(groups(false)).toEqual([undefined]);
});

it.each([
  ['nothing', undefined],
  ['no records', {}],
  ['records of S3', { Records: [{ ...aRecord(), eventSource: 'aws:s3' }] }],
  ['a record without a receive count', { Records: [{ ...aRecord(), attributes: {} }] }],
])('an event with %s is refused, and quotes nothing of it', (_, event) => {
  expect(() => messagesOf(event)).toThrow(UnusableEvent);
});
