import fc from 'fast-check';
import {
  settleBatch,
  type BatchMessage,
  type BatchWork,
  type Settled,
} from '../../../lambda/queue-processor/order-batch';

const done: Settled = { done: true };
const failed: Settled = { done: false, holdsBack: true, delaySeconds: 7 };
const setAside: Settled = { done: false, holdsBack: false, delaySeconds: 1 };

const messages = (...ids: string[]): BatchMessage[] => ids.map((messageId) => ({ messageId }));
/** `a1` is the first of group `a`. */
const grouped = (...ids: string[]): BatchMessage[] => ids.map((messageId) => ({ messageId, group: messageId[0]! }));
const ids = (list: readonly BatchMessage[]) => list.map(({ messageId }) => messageId);

function workThat(settle: (id: string) => Settled | Promise<Settled>, more: Partial<BatchWork<BatchMessage>> = {}) {
  const tried: string[] = [];
  const held: [string[], number][] = [];
  const work: BatchWork<BatchMessage> = {
    parallelism: 3,
    hasTime: () => true,
    settle: async ({ messageId }) => {
      tried.push(messageId);
      return settle(messageId);
    },
    holdBack: async (later, seconds) => void held.push([ids(later), seconds]),
    ...more,
  };
  return { work, tried, held };
}

it('exactly the messages that failed come again', async () => {
  const { work, tried } = workThat((id) => (['2', '5'].includes(id) ? failed : done));
  const result = await settleBatch(messages('1', '2', '3', '4', '5', '6'), work);
  expect(ids(result.failed).sort()).toEqual(['2', '5']);
  expect(result.untried).toEqual([]);
  expect(tried).toHaveLength(6);
});

it('an empty batch asks nothing', async () => {
  const { work } = workThat(() => done);
  expect(await settleBatch([], work)).toEqual({ failed: [], untried: [] });
});

it('no more messages are worked on at once than allowed, and as many', async () => {
  let now = 0;
  let most = 0;
  const { work } = workThat(async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    return done;
  });
  await settleBatch(messages(...Array.from({ length: 20 }, (_, index) => `${index}`)), work);
  expect(most).toBe(3);
});

it('a failed message holds back the later ones of its group and nobody else', async () => {
  const { work, tried, held } = workThat((id) => (id === 'a2' ? failed : done));
  const result = await settleBatch(grouped('a1', 'b1', 'a2', 'a3', 'b2', 'a4', 'c1'), work);
  expect(ids(result.failed)).toEqual(['a2']);
  expect(ids(result.untried)).toEqual(['a3', 'a4']);
  expect(held).toEqual([[['a3', 'a4'], 7]]);
  expect(tried.sort()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1']);
});

it('a message that will be set aside holds nobody back', async () => {
  const { work, tried, held } = workThat((id) => (id === 'a1' ? setAside : done));
  const result = await settleBatch(grouped('a1', 'a2', 'a3'), work);
  expect(ids(result.failed)).toEqual(['a1']);
  expect(result.untried).toEqual([]);
  expect([tried, held]).toEqual([['a1', 'a2', 'a3'], []]);
});

it('without time no further message is taken, and the rest comes again untried', async () => {
  let left = 4;
  const { work, tried } = workThat(() => done, { parallelism: 1, hasTime: () => left-- > 0 });
  const result = await settleBatch(messages('1', '2', '3', '4', '5', '6', '7'), work);
  expect(tried).toEqual(['1', '2', '3', '4']);
  expect(ids(result.untried)).toEqual(['5', '6', '7']);
  expect(result.failed).toEqual([]);
});

it('every message is done, failed or untried, exactly one of them, and each group is tried in order up to its failure', async () => {
  const batch = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', undefined), fc.nat(99)), {
    selector: ([group, number]) => `${group ?? 'x'}${number}`,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(
      batch,
      fc.infiniteStream(fc.constantFrom(done, failed, setAside)),
      fc.nat(40),
      fc.integer({ min: 1, max: 6 }),
      fc.scheduler(),
      async (drawn, results, time, parallelism, scheduler) => {
        const batch = drawn.map(([group, number]) => ({
          messageId: `${group ?? 'x'}${number}`,
          ...(group === undefined ? {} : { group }),
        }));
        const outcomes = new Map<string, Settled>();
        let left = time;
        const { work, tried } = workThat(
          async (id) => {
            await scheduler.schedule(Promise.resolve());
            const settled = results.next().value as Settled;
            outcomes.set(id, settled);
            return settled;
          },
          { parallelism, hasTime: () => left-- > 0 },
        );
        const result = await scheduler.waitFor(settleBatch(batch, work));
        const doneIds = [...outcomes].filter(([, settled]) => settled.done).map(([id]) => id);
        expect([...doneIds, ...ids(result.failed), ...ids(result.untried)].sort()).toEqual(ids(batch).sort());
        for (const group of ['a', 'b', 'c']) {
          const inBatch = ids(batch).filter((id) => id.startsWith(group));
          const inTime = tried.filter((id) => id.startsWith(group));
          expect(inTime).toEqual(inBatch.slice(0, inTime.length));
          const holding = inTime.findIndex((id) => outcomes.get(id) === failed);
          if (holding >= 0) expect(inTime).toHaveLength(holding + 1);
        }
      },
    ),
  );
});
