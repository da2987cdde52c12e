import fc from 'fast-check';
import {
  processUntilDeadline,
  type CutOffs,
  type ProcessingLimits,
} from '../../../lambda/scheduled-backup/process-until-deadline';
import { unlimitedTime } from './backup-s3';

const itemsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `key ${index}` }));
const noCutOffs: CutOffs = new Map();

it('every item is either processed or remains, wherever time runs out', async () => {
  const sizes = { count: fc.nat(30), checks: fc.nat(40), concurrency: fc.integer({ min: 1, max: 5 }) };
  await fc.assert(
    fc.asyncProperty(fc.record(sizes), async ({ count, checks, concurrency }) => {
      let checked = 0;
      const timeLimit = { hasTimeLeft: () => checked++ < checks, signal: unlimitedTime.signal };
      const items = itemsOf(count);
      const work = { items, cutOffs: noCutOffs, process: async (item: { key: string }) => item, giveUp: fail };
      const { results, remaining } = await processUntilDeadline(work, { timeLimit, concurrency });
      expect(new Set([...results, ...remaining])).toEqual(new Set(items));
      expect(results).toHaveLength(Math.min(count, checks));
    }),
  );
});

function fail(): never {
  throw new Error('no');
}

it('an error is thrown, unless time has run out', async () => {
  const work = { items: [{ key: 'a' }], cutOffs: noCutOffs, process: async () => fail(), giveUp: fail };
  await expect(processUntilDeadline(work, { timeLimit: unlimitedTime, concurrency: 1 })).rejects.toThrow('no');
  const late = { hasTimeLeft: () => true, signal: AbortSignal.abort() };
  const { remaining, cutOffs } = await processUntilDeadline(work, { timeLimit: late, concurrency: 1 });
  expect([remaining, cutOffs]).toEqual([work.items, new Map([['a', 1]])]);
});

/** Runs invocations until nothing remains: each has a number of units of time, and items share them side by side. */
async function runInvocations(durations: Readonly<Record<string, number>>, units: number, concurrency: number) {
  const outcome: Record<string, string> = {};
  let items = Object.keys(durations).map((key) => ({ key }));
  let cutOffs: CutOffs = noCutOffs;
  let invocations = 0;
  for (; items.length > 0 && invocations < 100; invocations++) {
    const controller = new AbortController();
    let used = 0;
    const running = new Set<string>();
    const timeLimit: ProcessingLimits['timeLimit'] = {
      hasTimeLeft: () => used < units * 0.75,
      signal: controller.signal,
    };
    const process = async ({ key }: { key: string }): Promise<void> => {
      running.add(key);
      for (let left = durations[key] ?? 0; left > 0; left -= 1 / running.size) {
        await Promise.resolve();
        used += 1 / running.size;
        if (used >= units) controller.abort();
        controller.signal.throwIfAborted();
      }
      running.delete(key);
      outcome[key] = 'done';
    };
    const giveUp = ({ key }: { key: string }): void => void (outcome[key] = 'given up');
    const processed = await processUntilDeadline({ items, cutOffs, process, giveUp }, { timeLimit, concurrency });
    items = [...processed.remaining];
    cutOffs = processed.cutOffs;
  }
  return { outcome, invocations };
}

it('items that are too slow side by side finish one by one', async () => {
  const durations = Object.fromEntries(itemsOf(8).map(({ key }) => [key, 60]));
  const { outcome, invocations } = await runInvocations(durations, 100, 8);
  expect(new Set(Object.values(outcome))).toEqual(new Set(['done']));
  expect(invocations).toBeLessThan(12);
});

it('an item that is too slow for an invocation of its own is given up, and the others are done', async () => {
  const { outcome } = await runInvocations({ quick: 1, __proto__x: 5, endless: 1_000, constructor: 5 }, 100, 2);
  expect(outcome).toEqual({ quick: 'done', __proto__x: 'done', endless: 'given up', constructor: 'done' });
});

it('a key may be the name of a property of every object', async () => {
  const items = ['__proto__', 'constructor', 'toString'].map((key) => ({ key }));
  const late = { hasTimeLeft: () => true, signal: AbortSignal.abort() };
  const work = { items, process: async () => fail(), giveUp: () => 'given up' };
  const first = await processUntilDeadline({ ...work, cutOffs: noCutOffs }, { timeLimit: late, concurrency: 3 });
  expect([...first.cutOffs]).toEqual(items.map(({ key }) => [key, 1]));
});
