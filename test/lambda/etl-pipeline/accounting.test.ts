import fc from 'fast-check';
import { exceedsShare, totalLoads, totalTransformations } from '../../../lambda/etl-pipeline/accounting';
import { AccountingError } from '../../../lambda/etl-pipeline/errors';

const chunk = fc.record({
  loaded: fc.nat({ max: 50 }),
  unchanged: fc.nat({ max: 50 }),
  older: fc.nat({ max: 50 }),
  rejected: fc.nat({ max: 50 }),
});
type Chunk = { loaded: number; unchanged: number; older: number; rejected: number };

const stagedOf = ({ loaded, unchanged, older }: Chunk): number => loaded + unchanged + older;

function resultsOf(chunks: readonly Chunk[]) {
  const transformed = chunks.map((one, index) => ({
    part: index + 1,
    rows: stagedOf(one) + one.rejected,
    staged: stagedOf(one),
    rejected: one.rejected,
    reasons: { 'price: wrong': one.rejected },
  }));
  const loads = chunks.map(({ loaded, unchanged, older }, index) => ({ part: index + 1, loaded, unchanged, older }));
  const split = { parts: chunks.length, rows: transformed.reduce((sum, { rows }) => sum + rows, 0) };
  return { split, transformed, loads };
}

it('rows that add up are added up', () => {
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      const { split, transformed, loads } = resultsOf(chunks);
      const totals = totalTransformations(split, transformed);
      const { loaded, unchanged, older } = totalLoads(split, totals, loads);
      expect(loaded + unchanged + older + totals.rejected).toBe(split.rows);
    }),
  );
});

it.each([
  ['a chunk that was not transformed', (all: ReturnType<typeof resultsOf>) => all.transformed.pop()],
  [
    'a chunk that was transformed twice',
    (all: ReturnType<typeof resultsOf>) => all.transformed.push(all.transformed[0]!),
  ],
  ['a row that was not transformed', (all: ReturnType<typeof resultsOf>) => (all.split.rows += 1)],
  ['a row neither staged nor rejected', (all: ReturnType<typeof resultsOf>) => (all.transformed[0]!.staged -= 1)],
  ['a chunk that was not loaded', (all: ReturnType<typeof resultsOf>) => all.loads.pop()],
  ['a row without a verdict', (all: ReturnType<typeof resultsOf>) => (all.loads[0]!.older -= 1)],
])('%s fails loudly', (_, spoil) => {
  const all = resultsOf([
    { loaded: 3, unchanged: 2, older: 1, rejected: 1 },
    { loaded: 1, unchanged: 1, older: 1, rejected: 0 },
  ]);
  spoil(all);
  expect(() => totalLoads(all.split, totalTransformations(all.split, all.transformed), all.loads)).toThrow(
    AccountingError,
  );
});

it('a share at the limit is permitted, one above it is not', () => {
  const counts = { rows: 100, staged: 95, rejected: 5, reasons: {} };
  expect(exceedsShare(counts, 5)).toBe(false);
  expect(exceedsShare(counts, 4.9)).toBe(true);
  expect(exceedsShare({ ...counts, rows: 0, rejected: 0 }, 0)).toBe(false);
});

it('the most frequent reasons come first, twenty at most', () => {
  const reasons = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`r${index}`, index + 1]));
  const one = { part: 1, rows: 465, staged: 0, rejected: 465, reasons };
  const names = Object.keys(totalTransformations({ parts: 1, rows: 465 }, [one]).reasons);
  expect(names).toHaveLength(20);
  expect(names.slice(0, 2)).toEqual(['r29', 'r28']);
});
