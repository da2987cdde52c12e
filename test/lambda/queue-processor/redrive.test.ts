import fc from 'fast-check';
import { redrive } from '../../../lambda/queue-processor/redrive';
import { redriveRequestSchema, type RedriveRequest } from '../../../lambda/queue-processor/redrive-request';
import {
  DeadLetterModel,
  VirtualClock,
  deadLetters as makeDeadLetters,
  type QueueFaults,
  type StoredDeadLetter,
} from './dead-letter-model';

const start = 1_000_000_000;
const deadLetters = (count: number, change?: (index: number) => Partial<StoredDeadLetter>) =>
  makeDeadLetters(count, start, change);

const queueOf = (stored: StoredDeadLetter[], faults: QueueFaults = {}, pace?: number) =>
  new DeadLetterModel(stored, new VirtualClock(start), faults, pace);

const run = (queue: DeadLetterModel, request: Partial<RedriveRequest> = {}, workMilliseconds = 20_000) =>
  redrive(redriveRequestSchema.parse(request), queue, {
    now: queue.clock.now,
    sleep: queue.clock.sleep,
    hasTimeLeft: () => queue.clock.now() < start + workMilliseconds,
  });

it('sends all dead letters back, deletes each, and counts them by reason', async () => {
  const queue = queueOf(deadLetters(25, (index) => (index < 20 ? { reason: 'tables-busy' } : {})));
  expect(await run(queue, { perSecond: 100 })).toMatchObject({
    found: 25,
    examined: 25,
    sent: 25,
    remaining: 0,
    unfinished: false,
    oldestSeconds: 60,
    reasons: { 'tables-busy': 20, unrecorded: 5 },
    refused: {},
  });
  expect(queue.orders).toHaveLength(25);
  expect(queue.stored).toEqual([]);
});

it('a dry run counts the same and changes nothing', async () => {
  const queue = queueOf(deadLetters(25, () => ({ reason: 'malformed' })));
  const { sample, ...response } = await run(queue, { dryRun: true });
  expect(response).toMatchObject({
    found: 25,
    examined: 25,
    sent: 25,
    remaining: 25,
    unfinished: false,
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
  const queue = queueOf(
    deadLetters(6, (index) => ({
      reason: index % 2 === 1 ? 'payload-missing' : 'malformed',
      sentAt: start - (index >= 4 ? 120_000 : 60_000),
    })),
  );
  const response = await run(queue, request);
  expect(queue.orders).toEqual(expected);
  expect(queue.visible).toHaveLength(6 - expected.length);
  expect(response).toMatchObject({ sent: expected.length, remaining: 6 - expected.length, unfinished: false });
});

it.each([5, 20, 100])('sends no more than %i in a second', async (perSecond) => {
  const queue = queueOf(deadLetters(perSecond * 6));
  let most = 0;
  const sends: number[] = [];
  queue.afterSend = (accepted) => {
    const now = queue.clock.now();
    sends.push(...accepted.map(() => now));
    most = Math.max(most, sends.filter((at) => at > now - 1_000).length);
  };
  await run(queue, { perSecond });
  expect(queue.orders).toHaveLength(perSecond * 6);
  expect((queue.clock.now() - start) / 1_000).toBeGreaterThanOrEqual(5);
  // A call that began before the second counts within it.
  expect(most).toBeLessThanOrEqual(2 * perSecond);
  expect(queue.largestSend).toBeLessThanOrEqual(perSecond);
});

it('says when time ran out, and leaves hidden what it saw so that the next call sees the rest', async () => {
  const queue = queueOf(
    deadLetters(1_000, (index) => ({ reason: index === 999 ? 'payload-missing' : 'malformed' })),
    {},
    1_000,
  );
  const first = await run(queue, { reason: 'payload-missing', perSecond: 10 });
  expect(first).toMatchObject({ sent: 0, examined: 100, unfinished: true });
  expect(queue.visible).toHaveLength(900);
});

it('a dry run that runs out of time says so, and the next call examines the rest', async () => {
  const queue = queueOf(deadLetters(1_000), {}, 4_000);
  const first = await run(queue, { dryRun: true });
  expect(first.unfinished).toBe(true);
  const second = await run(queue, { dryRun: true }, 1_000_000);
  expect(first.examined + second.examined).toBe(1_000);
});

it('ends while messages that were redriven keep failing', async () => {
  const queue = queueOf(deadLetters(30));
  let returned = 0;
  queue.afterSend = (accepted) => {
    const sentAt = queue.clock.now() + 1;
    queue.add(accepted.map(() => ({ messageId: `again-${returned++}`, receiptHandle: 'h', sentAt, hidden: false })));
  };
  const response = await run(queue, { perSecond: 100 });
  expect(response).toMatchObject({ sent: 30, remaining: 30, unfinished: false });
  expect(queue.visible).toHaveLength(30);
  expect(queue.clock.now() - start).toBeLessThan(5_000);
});

it('one empty receive is not the end while fewer were examined than there are', async () => {
  const queue = queueOf(deadLetters(12));
  const receive = queue.receive.bind(queue);
  let receives = 0;
  queue.receive = async (maximum) => (++receives === 2 ? [] : receive(maximum));
  expect(await run(queue, { perSecond: 10 })).toMatchObject({ sent: 12, unfinished: false });
});

it('one empty receive is the end once as many were examined as there were', async () => {
  const queue = queueOf(deadLetters(12));
  await run(queue, { perSecond: 10 });
  expect(queue.calls['receive']).toBe(3);
});

it('ends while new dead letters keep arriving', async () => {
  const queue = queueOf(deadLetters(30));
  const receive = queue.receive.bind(queue);
  let arrived = 0;
  queue.receive = async (maximum) => {
    queue.add([{ messageId: `new-${arrived++}`, receiptHandle: 'h', sentAt: queue.clock.now() + 1, hidden: false }]);
    return receive(maximum);
  };
  expect(await run(queue, { perSecond: 10 })).toMatchObject({ sent: 30, unfinished: false });
  expect(arrived).toBeLessThan(10);
});

it('two empty receives are the end, since the count is approximate', async () => {
  const queue = queueOf(deadLetters(3));
  queue.count = async () => 5;
  expect(await run(queue, { perSecond: 10 })).toMatchObject({ sent: 3, unfinished: false });
  expect(queue.calls['receive']).toBe(3);
});

it('leaves a message that was sent after the start, since it has failed again', async () => {
  const queue = queueOf(deadLetters(2, (index) => ({ sentAt: index === 0 ? start + 1 : start - 1_000 })));
  await run(queue);
  expect([queue.orders, queue.visible]).toEqual([['m-1'], ['m-0']]);
});

it('further invocations of one redrive measure age and start by the first', async () => {
  const queue = queueOf(deadLetters(2, (index) => ({ sentAt: index === 0 ? start - 5_000 : start - 90_000 })));
  expect(await run(queue, { startedAt: start - 10_000, olderThanSeconds: 60 })).toMatchObject({
    startedAt: start - 10_000,
    oldestSeconds: 80,
    sent: 1,
  });
  expect(queue.orders).toEqual(['m-1']);
});

it('a message that Orders refuses stays, is visible again, and does not end the redrive', async () => {
  const queue = queueOf(deadLetters(15), {
    refusal: ({ messageId }) => (messageId === 'm-3' ? 'InvalidMessageContents' : undefined),
  });
  const response = await run(queue);
  expect(response).toMatchObject({ sent: 14, remaining: 1, refused: { InvalidMessageContents: 1 }, unfinished: false });
  expect(response.error).toBeUndefined();
  expect(queue.visible).toEqual(['m-3']);
});

it('a message that cannot be sent stays, is visible again, and ends the redrive', async () => {
  const queue = queueOf(deadLetters(25), { sendFails: ({ messageId }) => messageId === 'm-3' });
  const response = await run(queue, { perSecond: 10 });
  expect(response).toMatchObject({ sent: 9, remaining: 16, unfinished: false, error: 'InternalError' });
  expect(queue.visible).toHaveLength(16);
});

it('a message that was accepted and not deleted is in both queues', async () => {
  const queue = queueOf(deadLetters(1), { deleteFails: () => true });
  expect(await run(queue)).toMatchObject({ sent: 1, error: 'InternalError' });
  expect([queue.orders, queue.stored.length]).toEqual([['m-0'], 1]);
});

it('a failing receive is an error, and messages received before are visible again', async () => {
  let receives = 0;
  const queue = queueOf(
    deadLetters(12, () => ({ reason: 'malformed' })),
    { receiveFails: () => ++receives === 2 },
  );
  expect(await run(queue, { reason: 'payload-missing', perSecond: 10 })).toMatchObject({
    sent: 0,
    error: 'ServiceUnavailable',
  });
  expect(queue.visible).toHaveLength(12);
});

it('50,000 dead letters take five thousand calls of each kind, few at once, and none stays hidden', async () => {
  const queue = queueOf(deadLetters(50_000), {}, 20);
  const response = await run(queue, { perSecond: 1_000 }, 100_000);
  expect(response).toMatchObject({ examined: 50_000, sent: 50_000, remaining: 0, unfinished: false });
  expect(queue.calls).toMatchObject({ reasons: 5_000, send: 5_000, delete: 5_000 });
  expect(queue.calls['receive']).toBeLessThanOrEqual(5_016);
  expect(queue.mostCallsAtOnce).toBeLessThanOrEqual(8);
  expect(queue.shown).toBe(0);
  expect(queue.stored).toEqual([]);
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
  const stored = fc.array(fc.record({ reason: fc.constantFrom('malformed', undefined), age: fc.nat(120) }), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(request, stored, fc.infiniteStream(fc.nat(40)), async (requested, drawn, chance) => {
      const all = deadLetters(drawn.length, (index) => {
        const { reason, age } = drawn[index]!;
        return { sentAt: start - age * 1_000, ...(reason === undefined ? {} : { reason }) };
      });
      const isUnlucky = () => chance.next().value === 0;
      const queue = queueOf(all, {
        refusal: () => (isUnlucky() ? 'InvalidMessageContents' : undefined),
        sendFails: isUnlucky,
        deleteFails: isUnlucky,
        receiveFails: isUnlucky,
      });
      const response = await run(queue, JSON.parse(JSON.stringify(requested)) as RedriveRequest);
      for (const { messageId } of all) {
        const somewhere = queue.orders.includes(messageId) || queue.stored.some((one) => one.messageId === messageId);
        expect(somewhere).toBe(true);
      }
      expect(new Set(queue.orders).size).toBe(queue.orders.length);
      expect(queue.orders.length).toBeLessThanOrEqual(requested.max ?? Infinity);
      if (!response.unfinished) {
        const hidden = queue.stored.filter((one) => one.hidden && !queue.orders.includes(one.messageId));
        expect(hidden).toEqual([]);
      }
      if (requested.dryRun === true) expect([queue.orders, queue.visible.length]).toEqual([[], all.length]);
      else expect(queue.orders).toHaveLength(response.sent);
    }),
  );
});
