import fc from 'fast-check';
import {
  processBatch,
  type BatchMessage,
  type BatchWork,
  type MessageResult,
} from '../../../lambda/queue-processor/order-batch';

const done: MessageResult = { done: true };
const failed: MessageResult = { done: false, blocksGroup: true, delaySeconds: 7 };
const lastFailure: MessageResult = { done: false, blocksGroup: false, delaySeconds: 1 };

const messages = (...ids: string[]): BatchMessage[] => ids.map((messageId) => ({ messageId }));
/** `a1` is the first of group `a`. */
const grouped = (...ids: string[]): BatchMessage[] => ids.map((messageId) => ({ messageId, group: messageId[0]! }));
const ids = (list: readonly BatchMessage[]) => list.map(({ messageId }) => messageId);

function workThat(
  result: (id: string) => MessageResult | Promise<MessageResult>,
  more: Partial<BatchWork<BatchMessage>> = {},
) {
  const tried: string[] = [];
  const delayed: [string[], number][] = [];
  const work: BatchWork<BatchMessage> = {
    concurrency: 3,
    hasTimeLeft: () => true,
    process: async ({ messageId }) => {
      tried.push(messageId);
      return result(messageId);
    },
    delay: async (later, seconds) => void delayed.push([ids(later), seconds]),
    ...more,
  };
  return { work, tried, delayed };
}

it('returns exactly the messages that failed', async () => {
  const { work, tried } = workThat((id) => (['2', '5'].includes(id) ? failed : done));
  const result = await processBatch(messages('1', '2', '3', '4', '5', '6'), work);
  expect(ids(result.failed).sort()).toEqual(['2', '5']);
  expect(result.untried).toEqual([]);
  expect(tried).toHaveLength(6);
});

it('does nothing for an empty batch', async () => {
  const { work } = workThat(() => done);
  expect(await processBatch([], work)).toEqual({ failed: [], untried: [] });
});

it('processes as many messages at once as allowed, and no more', async () => {
  let now = 0;
  let most = 0;
  const { work } = workThat(async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    return done;
  });
  await processBatch(messages(...Array.from({ length: 20 }, (_, index) => `${index}`)), work);
  expect(most).toBe(3);
});

it('a failed message delays the later ones of its group and no others', async () => {
  const { work, tried, delayed } = workThat((id) => (id === 'a2' ? failed : done));
  const result = await processBatch(grouped('a1', 'b1', 'a2', 'a3', 'b2', 'a4', 'c1'), work);
  expect(ids(result.failed)).toEqual(['a2']);
  expect(ids(result.untried)).toEqual(['a3', 'a4']);
  expect(delayed).toEqual([[['a3', 'a4'], 7]]);
  expect(tried.sort()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1']);
});

it('a message that failed for the last time delays no other', async () => {
  const { work, tried, delayed } = workThat((id) => (id === 'a1' ? lastFailure : done));
  const result = await processBatch(grouped('a1', 'a2', 'a3'), work);
  expect(ids(result.failed)).toEqual(['a1']);
  expect(result.untried).toEqual([]);
  expect([tried, delayed]).toEqual([['a1', 'a2', 'a3'], []]);
});

it('takes no further message when time is short and returns the rest untried', async () => {
  let left = 4;
  const { work, tried } = workThat(() => done, { concurrency: 1, hasTimeLeft: () => left-- > 0 });
  const result = await processBatch(messages('1', '2', '3', '4', '5', '6', '7'), work);
  expect(tried).toEqual(['1', '2', '3', '4']);
  expect(ids(result.untried)).toEqual(['5', '6', '7']);
  expect(result.failed).toEqual([]);
});

it('every message is done, failed or untried, and each group is tried in order up to a failure', async () => {
  const batch = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', undefined), fc.nat(99)), {
    selector: ([group, number]) => `${group ?? 'x'}${number}`,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(
      batch,
      fc.infiniteStream(fc.constantFrom(done, failed, lastFailure)),
      fc.nat(40),
      fc.integer({ min: 1, max: 6 }),
      fc.scheduler(),
      async (drawn, results, time, concurrency, scheduler) => {
        const batch = drawn.map(([group, number]) => ({
          messageId: `${group ?? 'x'}${number}`,
          ...(group === undefined ? {} : { group }),
        }));
        const outcomes = new Map<string, MessageResult>();
        let left = time;
        const { work, tried } = workThat(
          async (id) => {
            await scheduler.schedule(Promise.resolve());
            const result = results.next().value as MessageResult;
            outcomes.set(id, result);
            return result;
          },
          { concurrency, hasTimeLeft: () => left-- > 0 },
        );
        const result = await scheduler.waitFor(processBatch(batch, work));
        const doneIds = [...outcomes].filter(([, result]) => result.done).map(([id]) => id);
        expect([...doneIds, ...ids(result.failed), ...ids(result.untried)].sort()).toEqual(ids(batch).sort());
        for (const group of ['a', 'b', 'c']) {
          const inBatch = ids(batch).filter((id) => id.startsWith(group));
          const inTime = tried.filter((id) => id.startsWith(group));
          expect(inTime).toEqual(inBatch.slice(0, inTime.length));
          const blocking = inTime.findIndex((id) => outcomes.get(id) === failed);
          if (blocking >= 0) expect(inTime).toHaveLength(blocking + 1);
        }
      },
    ),
  );
});
