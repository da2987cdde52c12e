import fc from 'fast-check';
import {
  redrive,
  type Clock,
  type DeadLetter,
  type RedriveDependencies,
} from '../../../lambda/queue-processor/redrive';
import { redriveRequestSchema, type RedriveRequest } from '../../../lambda/queue-processor/redrive-request';

interface Stored extends DeadLetter {
  readonly reason?: string;
  hidden: boolean;
}

const start = 1_000_000_000;

/** A dead-letter queue in memory, and the messages that were sent to the queue Orders. */
class QueueModel implements RedriveDependencies<Stored> {
  readonly orders: string[] = [];
  shown = 0;
  time = start;

  constructor(
    readonly stored: Stored[],
    private readonly refuses: (what: string, message: Stored) => boolean = () => false,
    /** Duration of a receive in milliseconds. */
    private readonly pace = 10,
  ) {}

  readonly clock: Clock = {
    now: () => this.time,
    sleep: async (milliseconds) => void (this.time += Math.max(0, milliseconds)),
    hasTimeLeft: () => this.time < start + 20_000,
  };

  get visible(): string[] {
    return this.stored.filter(({ hidden }) => !hidden).map(({ messageId }) => messageId);
  }

  async count() {
    return this.stored.length;
  }

  async receive(maximum: number) {
    this.time += this.pace;
    const received = this.stored.filter(({ hidden }) => !hidden).slice(0, maximum);
    for (const message of received) message.hidden = true;
    return received;
  }

  async reasonOf({ reason }: Stored) {
    return reason === undefined ? undefined : { reason, detail: 'somewhere' };
  }

  async send(message: Stored) {
    this.#mayRefuse('send', message);
    this.orders.push(message.messageId);
  }

  async delete(message: Stored) {
    this.#mayRefuse('delete', message);
    this.stored.splice(this.stored.indexOf(message), 1);
  }

  async show(message: Stored) {
    this.shown++;
    message.hidden = false;
  }

  #mayRefuse(what: string, message: Stored) {
    if (this.refuses(what, message)) throw Object.assign(new Error('no'), { name: 'AccessDenied' });
  }
}

function deadLetters(count: number, change: (index: number) => Partial<Stored> = () => ({})): Stored[] {
  return Array.from({ length: count }, (_, index) => ({
    messageId: `m-${index}`,
    sentAt: start - 60_000,
    hidden: false,
    ...change(index),
  }));
}

const run = (queue: QueueModel, request: Partial<RedriveRequest> = {}) =>
  redrive(redriveRequestSchema.parse(request), queue, queue.clock);

it('sends all dead letters back, deletes each, and counts them by reason', async () => {
  const queue = new QueueModel(deadLetters(25, (index) => (index < 20 ? { reason: 'tables-busy' } : {})));
  expect(await run(queue, { perSecond: 100 })).toMatchObject({
    found: 25,
    looked: 25,
    sent: 25,
    left: 0,
    again: false,
    oldestSeconds: 60,
    reasons: { 'tables-busy': 20, unrecorded: 5 },
  });
  expect(queue.orders).toHaveLength(25);
  expect(queue.stored).toEqual([]);
});

it('a dry run counts the same and changes nothing', async () => {
  const queue = new QueueModel(deadLetters(25, () => ({ reason: 'malformed' })));
  const { sample, ...response } = await run(queue, { dryRun: true });
  expect(response).toMatchObject({
    found: 25,
    looked: 25,
    sent: 25,
    left: 25,
    again: false,
    reasons: { malformed: 25 },
  });
  expect(sample).toHaveLength(10);
  expect(sample[0]).toEqual({ messageId: 'm-0', reason: 'malformed', detail: 'somewhere', ageSeconds: 60 });
  expect([queue.orders, queue.visible.length]).toEqual([[], 25]);
});

it.each([
  [{ max: 3 }, ['m-0', 'm-1', 'm-2']],
  [{ reason: 'payload-missing' as const }, ['m-1', 'm-3', 'm-5']],
  [{ olderThanSeconds: 100 }, ['m-4', 'm-5']],
  [{ reason: 'payload-missing' as const, olderThanSeconds: 100 }, ['m-5']],
])('with %j exactly those that match are sent, and the others are visible again', async (request, expected) => {
  const queue = new QueueModel(
    deadLetters(6, (index) => ({
      reason: index % 2 === 1 ? 'payload-missing' : 'malformed',
      sentAt: start - (index >= 4 ? 120_000 : 60_000),
    })),
  );
  const response = await run(queue, request);
  expect(queue.orders).toEqual(expected);
  expect(queue.visible).toHaveLength(6 - expected.length);
  expect(response).toMatchObject({ sent: expected.length, left: 6 - expected.length, again: false });
});

it('sends no more in a second than requested', async () => {
  const queue = new QueueModel(deadLetters(30));
  await run(queue, { perSecond: 5 });
  expect((queue.time - start) / 1_000).toBeGreaterThanOrEqual(6);
  expect((queue.time - start) / 1_000).toBeLessThan(7);
});

it('says when time ran out, and leaves hidden what it saw so that the next call sees the rest', async () => {
  const queue = new QueueModel(
    deadLetters(100, (index) => ({ reason: index === 99 ? 'payload-missing' : 'malformed' })),
    undefined,
    5_000,
  );
  const first = await run(queue, { reason: 'payload-missing' });
  expect(first).toMatchObject({ sent: 0, looked: 40, again: true });
  expect(queue.visible).toHaveLength(60);
});

it('leaves a message that was sent after the start, since it has failed again', async () => {
  const queue = new QueueModel(deadLetters(2, (index) => ({ sentAt: index === 0 ? start + 1 : start - 1_000 })));
  await run(queue);
  expect([queue.orders, queue.visible]).toEqual([['m-1'], ['m-0']]);
});

it('a message that is not accepted stays, is visible again, and ends the redrive', async () => {
  const queue = new QueueModel(deadLetters(15), (what, { messageId }) => what === 'send' && messageId === 'm-3');
  const response = await run(queue);
  expect(response).toMatchObject({ sent: 9, left: 6, again: false, error: 'AccessDenied' });
  expect(queue.visible).toContain('m-3');
});

it('a message that was accepted and not deleted is in both queues', async () => {
  const queue = new QueueModel(deadLetters(1), (what) => what === 'delete');
  expect(await run(queue)).toMatchObject({ sent: 1, error: 'AccessDenied' });
  expect([queue.orders, queue.stored.length]).toEqual([['m-0'], 1]);
});

it('a failing receive is an error, and messages received before are visible again', async () => {
  const queue = new QueueModel(deadLetters(12, () => ({ reason: 'malformed' })));
  const receive = queue.receive.bind(queue);
  let receives = 0;
  queue.receive = async (maximum) => {
    if (++receives === 2) throw Object.assign(new Error('no'), { name: 'ServiceUnavailable' });
    return receive(maximum);
  };
  expect(await run(queue, { reason: 'payload-missing' })).toMatchObject({ sent: 0, error: 'ServiceUnavailable' });
  expect(queue.visible).toHaveLength(12);
});

it('messages of a group are sent in order, and none overtakes one that was not accepted', async () => {
  const queue = new QueueModel(
    deadLetters(5, () => ({ group: 'c-7' })),
    (what, { messageId }) => what === 'send' && messageId === 'm-2',
  );
  await run(queue);
  expect(queue.orders).toEqual(['m-0', 'm-1']);
  expect(queue.visible).toEqual(['m-2', 'm-3', 'm-4']);
});

it('no message is lost, whatever is requested and whatever fails', async () => {
  const request = fc.record(
    {
      dryRun: fc.boolean(),
      max: fc.integer({ min: 1, max: 30 }),
      olderThanSeconds: fc.integer({ min: 0, max: 90 }),
      reason: fc.constantFrom('malformed' as const, 'unrecorded' as const),
      perSecond: fc.integer({ min: 1, max: 100 }),
    },
    { requiredKeys: [] },
  );
  const stored = fc.array(
    fc.record({
      reason: fc.constantFrom('malformed', undefined),
      age: fc.nat(120),
      group: fc.constantFrom('a', 'b', undefined),
    }),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(request, stored, fc.infiniteStream(fc.nat(20)), async (requested, drawn, chance) => {
      const all = deadLetters(drawn.length, (index) => {
        const { reason, age, group } = drawn[index]!;
        return {
          sentAt: start - age * 1_000,
          ...(reason === undefined ? {} : { reason }),
          ...(group === undefined ? {} : { group }),
        };
      });
      const queue = new QueueModel([...all], () => chance.next().value === 0);
      const response = await run(queue, JSON.parse(JSON.stringify(requested)) as RedriveRequest);
      for (const { messageId } of all) {
        const somewhere = queue.orders.includes(messageId) || queue.stored.some((one) => one.messageId === messageId);
        expect(somewhere).toBe(true);
      }
      expect(new Set(queue.orders).size).toBe(queue.orders.length);
      expect(queue.orders.length).toBeLessThanOrEqual(requested.max ?? Infinity);
      if (requested.dryRun === true) expect([queue.orders, queue.visible.length]).toEqual([[], all.length]);
      else expect(queue.orders).toHaveLength(response.sent);
    }),
  );
});
