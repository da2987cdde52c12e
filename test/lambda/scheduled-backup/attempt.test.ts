import fc from 'fast-check';
import { attempt } from '../../../lambda/scheduled-backup/attempt';

const signal = new AbortController().signal;

it('every item is either done or left, wherever time runs out', async () => {
  const sizes = { items: fc.nat(30), looks: fc.nat(40), lanes: fc.integer({ min: 1, max: 5 }) };
  await fc.assert(
    fc.asyncProperty(fc.record(sizes), async ({ items, looks, lanes }) => {
      let looked = 0;
      const deadline = {
        get hasTime() {
          return looked++ < looks;
        },
        signal,
      };
      const all = Array.from({ length: items }, (_, index) => index);
      const { results, left } = await attempt(all, { deadline, lanes }, async (item) => item);
      expect([...results, ...left].sort((one, other) => one - other)).toEqual(all);
      expect(results).toHaveLength(Math.min(items, looks));
    }),
  );
});

it('an error is one, unless time was up', async () => {
  const fail = () => Promise.reject(new Error('no'));
  const desk = { deadline: { hasTime: true, signal }, lanes: 1 };
  await expect(attempt(['a'], desk, fail)).rejects.toThrow('no');
  const late = { deadline: { hasTime: true, signal: AbortSignal.abort() }, lanes: 1 };
  expect(await attempt(['a'], late, fail)).toEqual({ results: [], left: ['a'] });
});
