import fc from 'fast-check';
import { redrive, type Clock, type DeadLetter, type DeadLetters } from '../../../lambda/queue-processor/redrive';
import { redriveRequestSchema, type RedriveRequest } from '../../../lambda/queue-processor/redrive-request';

interface Stored extends DeadLetter {
  readonly reason?: string;
  hidden: boolean;
}

const start = 1_000_000_000;

/** A dead-letter queue in memory, and what has arrived in the queue of orders. */
class QueueModel implements DeadLetters<Stored> {
  readonly orders: string[] = [];
  shown = 0;
  time = start;

  constructor(
    readonly stored: Stored[],
    private readonly refuses: (what: string, letter: Stored) => boolean = () => false,
    /** Milliseconds that a receive takes. */
    private readonly pace = 10,
  ) {}

  readonly clock: Clock = {
    now: () => this.time,
    sleep: async (milliseconds) => void (this.time += Math.max(0, milliseconds)),
    hasTime: () => this.time < start + 20_000,
  };

  get visible(): string[] {
    return this.stored.filter(({ hidden }) => !hidden).map(({ messageId }) => messageId);
  }

  async count() {
    return this.stored.length;
  }

  async receive(most: number) {
    this.time += this.pace;
    const received = this.stored.filter(({ hidden }) => !hidden).slice(0, most);
    for (const letter of received) letter.hidden = true;
    return received;
  }

  async reasonOf({ reason }: Stored) {
    return reason === undefined ? undefined : { reason, detail: 'somewhere' };
  }

  async sendBack(letter: Stored) {
    this.#mayRefuse('send', letter);
    this.orders.push(letter.messageId);
  }

  async remove(letter: Stored) {
    this.#mayRefuse('remove', letter);
    this.stored.splice(this.stored.indexOf(letter), 1);
  }

  async show(letter: Stored) {
    this.shown++;
    letter.hidden = false;
  }

  #mayRefuse(what: string, letter: Stored) {
    if (this.refuses(what, letter)) throw Object.assign(new Error('no'), { name: 'AccessDenied' });
  }
}

function letters(count: number, change: (index: number) => Partial<Stored> = () => ({})): Stored[] {
  return Array.from({ length: count }, (_, index) => ({
    messageId: `m-${index}`,
    sentAt: start - 60_000,
    hidden: false,
    ...change(index),
  }));
}

const ask = (queue: QueueModel, request: Partial<RedriveRequest> = {}) =>
  redrive(redriveRequestSchema.parse(request), queue, queue.clock);

it('all dead letters go back, each is deleted, and the answer tells how many and why they were there', async () => {
  const queue = new QueueModel(letters(25, (index) => (index < 20 ? { reason: 'tables-busy' } : {})));
  expect(await ask(queue, { perSecond: 100 })).toMatchObject({
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

it('a dry run tells the same and leaves everything as it was', async () => {
  const queue = new QueueModel(letters(25, () => ({ reason: 'malformed' })));
  const { sample, ...answer } = await ask(queue, { dryRun: true });
  expect(answer).toMatchObject({ found: 25, looked: 25, sent: 25, left: 25, again: false, reasons: { malformed: 25 } });
  expect(sample).toHaveLength(10);
  expect(sample[0]).toEqual({ messageId: 'm-0', reason: 'malformed', detail: 'somewhere', ageSeconds: 60 });
  expect([queue.orders, queue.visible.length]).toEqual([[], 25]);
});

it.each([
  [{ max: 3 }, ['m-0', 'm-1', 'm-2']],
  [{ reason: 'payload-missing' as const }, ['m-1', 'm-3', 'm-5']],
  [{ olderThanSeconds: 100 }, ['m-4', 'm-5']],
  [{ reason: 'payload-missing' as const, olderThanSeconds: 100 }, ['m-5']],
])('with %j exactly those that match go, and the others are visible again', async (request, expected) => {
  const queue = new QueueModel(
    letters(6, (index) => ({
      reason: index % 2 === 1 ? 'payload-missing' : 'malformed',
      sentAt: start - (index >= 4 ? 120_000 : 60_000),
    })),
  );
  const answer = await ask(queue, request);
  expect(queue.orders).toEqual(expected);
  expect(queue.visible).toHaveLength(6 - expected.length);
  expect(answer).toMatchObject({ sent: expected.length, left: 6 - expected.length, again: false });
});

it('no more go each second than asked', async () => {
  const queue = new QueueModel(letters(30));
  await ask(queue, { perSecond: 5 });
  expect((queue.time - start) / 1_000).toBeGreaterThanOrEqual(6);
  expect((queue.time - start) / 1_000).toBeLessThan(7);
});

it('when time runs out it says so; what it left hidden lets the next call see the rest', async () => {
  const queue = new QueueModel(
    letters(100, (index) => ({ reason: index === 99 ? 'payload-missing' : 'malformed' })),
    undefined,
    5_000,
  );
  const first = await ask(queue, { reason: 'payload-missing' });
  expect(first).toMatchObject({ sent: 0, looked: 40, again: true });
  expect(queue.visible).toHaveLength(60);
});

it('a letter that was sent after the start is one that came back: it is left', async () => {
  const queue = new QueueModel(letters(2, (index) => ({ sentAt: index === 0 ? start + 1 : start - 1_000 })));
  await ask(queue);
  expect([queue.orders, queue.visible]).toEqual([['m-1'], ['m-0']]);
});

it('a letter that is not accepted stays, is visible again, and ends the redrive', async () => {
  const queue = new QueueModel(letters(15), (what, { messageId }) => what === 'send' && messageId === 'm-3');
  const answer = await ask(queue);
  expect(answer).toMatchObject({ sent: 9, left: 6, again: false, error: 'AccessDenied' });
  expect(queue.visible).toContain('m-3');
});

it('a letter that was accepted and not deleted is in both queues, never in none', async () => {
  const queue = new QueueModel(letters(1), (what) => what === 'remove');
  expect(await ask(queue)).toMatchObject({ sent: 1, error: 'AccessDenied' });
  expect([queue.orders, queue.stored.length]).toEqual([['m-0'], 1]);
});

it('a queue that cannot be read is an error, and what was held before is visible again', async () => {
  const queue = new QueueModel(letters(12, () => ({ reason: 'malformed' })));
  const receive = queue.receive.bind(queue);
  let receives = 0;
  queue.receive = async (most) => {
    if (++receives === 2) throw Object.assign(new Error('no'), { name: 'ServiceUnavailable' });
    return receive(most);
  };
  expect(await ask(queue, { reason: 'payload-missing' })).toMatchObject({ sent: 0, error: 'ServiceUnavailable' });
  expect(queue.visible).toHaveLength(12);
});

it('letters of one group go in order, and none overtakes one that was not accepted', async () => {
  const queue = new QueueModel(
    letters(5, () => ({ group: 'c-7' })),
    (what, { messageId }) => what === 'send' && messageId === 'm-2',
  );
  await ask(queue);
  expect(queue.orders).toEqual(['m-0', 'm-1']);
  expect(queue.visible).toEqual(['m-2', 'm-3', 'm-4']);
});

it('whatever is asked and whatever fails, no letter is lost', async () => {
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
    fc.asyncProperty(request, stored, fc.infiniteStream(fc.nat(20)), async (asked, drawn, chance) => {
      const all = letters(drawn.length, (index) => {
        const { reason, age, group } = drawn[index]!;
        return {
          sentAt: start - age * 1_000,
          ...(reason === undefined ? {} : { reason }),
          ...(group === undefined ? {} : { group }),
        };
      });
      const queue = new QueueModel([...all], () => chance.next().value === 0);
      const answer = await ask(queue, JSON.parse(JSON.stringify(asked)) as RedriveRequest);
      for (const { messageId } of all) {
        const somewhere = queue.orders.includes(messageId) || queue.stored.some((one) => one.messageId === messageId);
        expect(somewhere).toBe(true);
      }
      expect(new Set(queue.orders).size).toBe(queue.orders.length);
      expect(queue.orders.length).toBeLessThanOrEqual(asked.max ?? Infinity);
      if (asked.dryRun === true) expect([queue.orders, queue.visible.length]).toEqual([[], all.length]);
      else expect(queue.orders).toHaveLength(answer.sent);
    }),
  );
});
