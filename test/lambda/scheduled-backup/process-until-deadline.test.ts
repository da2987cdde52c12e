import fc from 'fast-check';
import { processUntilDeadline } from '../../../lambda/scheduled-backup/process-until-deadline';

const { signal } = new AbortController();

it('every item is either processed or remains, wherever time runs out', async () => {
  const sizes = { items: fc.nat(30), checks: fc.nat(40), concurrency: fc.integer({ min: 1, max: 5 }) };
  await fc.assert(
    fc.asyncProperty(fc.record(sizes), async ({ items, checks, concurrency }) => {
      let checked = 0;
      const timeLimit = { hasTimeLeft: () => checked++ < checks, signal };
      const all = Array.from({ length: items }, (_, index) => index);
      const { results, remaining } = await processUntilDeadline(all, { timeLimit, concurrency }, async (item) => item);
      expect([...results, ...remaining].sort((one, other) => one - other)).toEqual(all);
      expect(results).toHaveLength(Math.min(items, checks));
    }),
  );
});

it('an error is thrown, unless time has run out', async () => {
  const fail = () => Promise.reject(new Error('no'));
  const limits = { timeLimit: { hasTimeLeft: () => true, signal }, concurrency: 1 };
  await expect(processUntilDeadline(['a'], limits, fail)).rejects.toThrow('no');
  const late = { ...limits, timeLimit: { hasTimeLeft: () => true, signal: AbortSignal.abort() } };
  expect(await processUntilDeadline(['a'], late, fail)).toEqual({ results: [], remaining: ['a'] });
});
