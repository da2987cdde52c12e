import { readingsOf, redriveDeadLetters } from '../../../operations/stream-processor/redrive-dead-letters';

const reading = { deviceId: 'd-1', readingId: 'r-1', takenAt: '2026-11-27T09:30:00.000Z', value: '1' };

/** Dead-letter queue whose messages are hidden once they were received. */
class FakeQueues {
  readonly sent: string[] = [];
  readonly deleted: string[] = [];
  readonly visible: string[] = [];
  #received = 0;

  constructor(private readonly bodies: readonly string[]) {}

  send({ constructor: { name }, input }: { constructor: { name: string }; input: Record<string, string> }) {
    const { MessageBody = '', ReceiptHandle = '' } = input;
    if (name === 'SendMessageCommand') this.sent.push(MessageBody);
    if (name === 'DeleteMessageCommand') this.deleted.push(ReceiptHandle);
    if (name === 'ChangeMessageVisibilityCommand') this.visible.push(ReceiptHandle);
    if (name !== 'ReceiveMessageCommand') return Promise.resolve({});
    const start = this.#received;
    this.#received += 10;
    const some = this.bodies.slice(start, start + 10);
    return Promise.resolve({
      Messages: some.map((Body, index) => ({ Body, MessageId: `${start + index}`, ReceiptHandle: `${start + index}` })),
    });
  }
}

async function redrive(bodies: readonly string[], options: { dryRun?: boolean; maximum?: number } = {}) {
  const queues = new FakeQueues(bodies);
  const result = await redriveDeadLetters({
    sqs: queues as never,
    queueUrl: 'queue',
    deadLetterQueueUrl: 'dead-letters',
    dryRun: options.dryRun ?? false,
    maximum: options.maximum ?? Infinity,
    wait: () => Promise.resolve(),
    signal: new AbortController().signal,
  });
  return { ...result, queues };
}

it('a message of the queue and the event of an invocation are sent as they came first', () => {
  expect(readingsOf(JSON.stringify(reading))).toBe(JSON.stringify(reading));
  expect(readingsOf(JSON.stringify({ requestPayload: { readings: [reading] } }))).toBe(
    JSON.stringify({ readings: [reading] }),
  );
  expect(readingsOf('text')).toBeUndefined();
  expect(readingsOf('{"requestPayload":{}}')).toBeUndefined();
});

it('messages are deleted once the queue has them, and what holds no readings becomes visible again', async () => {
  const bodies = [...Array.from({ length: 12 }, () => JSON.stringify(reading)), 'text'];
  const { redriven, malformed, queues } = await redrive(bodies);
  expect([redriven, malformed]).toEqual([12, 1]);
  expect(queues.sent).toHaveLength(12);
  expect(queues.deleted).toHaveLength(12);
  expect(queues.visible).toEqual(['12']);
});

it('a dry run sends and deletes nothing', async () => {
  const { redriven, queues } = await redrive([JSON.stringify(reading)], { dryRun: true });
  expect(redriven).toBe(1);
  expect([queues.sent, queues.deleted, queues.visible]).toEqual([[], [], ['0']]);
});

it('no more than the maximum is sent', async () => {
  const { redriven, queues } = await redrive([JSON.stringify(reading), JSON.stringify(reading)], { maximum: 1 });
  expect([redriven, queues.sent.length, queues.visible]).toEqual([1, 1, ['1']]);
});
