import { parseSqsEvent, UnusableEvent } from '../../../lambda/queue-processor/sqs-orders';
import { aRecord } from './records';

it('parses a record', () => {
  expect(parseSqsEvent({ Records: [aRecord({ messageId: 'm-1', body: 'hello', receiveCount: 3 })] })).toEqual([
    { messageId: 'm-1', receiptHandle: 'handle of m-1', body: 'hello', receiveCount: 3 },
  ]);
});

it('only a FIFO queue orders messages by group', () => {
  const groups = (fifo: boolean) =>
    parseSqsEvent({ Records: [aRecord({ fifo, group: 'c-7' })] }).map(({ group }) => group);
  expect(groups(true)).toEqual(['c-7']);
  expect(groups(false)).toEqual([undefined]);
});

it.each([
  ['nothing', undefined],
  ['no records', {}],
  ['records of S3', { Records: [{ ...aRecord(), eventSource: 'aws:s3' }] }],
  ['a record without a receive count', { Records: [{ ...aRecord(), attributes: {} }] }],
])('an event with %s is refused', (_, event) => {
  expect(() => parseSqsEvent(event)).toThrow(UnusableEvent);
});
