import { countVerdicts, loadRows, type Verdicts } from '../../../lambda/etl-pipeline/load';
import type { StagedRow } from '../../../lambda/etl-pipeline/values';

class BusyError extends Error {}
const mayClear = (error: unknown): error is Error => error instanceof BusyError;

const rows: StagedRow[] = Array.from({ length: 20 }, (_, index) => ({ line: index + 2, values: [] }));

it('rows are written a few at once', async () => {
  let [current, most] = [0, 0];
  await loadRows(rows, [], {
    loadRow: async () => {
      most = Math.max(most, ++current);
      await new Promise((resolve) => setImmediate(resolve));
      current--;
      return 'loaded';
    },
    hasTimeLeft: () => true,
    mayClear,
    concurrency: 4,
  });
  expect(most).toBe(4);
});

it('a chunk that runs out of time goes on where it stopped', async () => {
  const written: number[] = [];
  let verdicts: Verdicts = [];
  let invocations = 0;
  do {
    let left = 6;
    invocations++;
    ({ verdicts } = await loadRows(rows, verdicts, {
      loadRow: ({ line }) => {
        written.push(line);
        return Promise.resolve(line % 2 === 0 ? 'loaded' : 'older');
      },
      hasTimeLeft: () => left-- > 0,
      mayClear,
      concurrency: 3,
    }));
  } while (verdicts.includes(null));
  expect(invocations).toBe(4);
  expect(written.sort((one, other) => one - other)).toEqual(rows.map(({ line }) => line));
  expect(countVerdicts(5, verdicts)).toEqual({ part: 5, loaded: 10, unchanged: 0, older: 10 });
});

it('busy rows stay open, and the next attempt loads them alone', async () => {
  let written: number[] = [];
  const attempt = (before: Verdicts, isBusy: (line: number) => boolean) => {
    written = [];
    return loadRows(rows, before, {
      loadRow: ({ line }) => {
        written.push(line);
        return isBusy(line) ? Promise.reject(new BusyError('busy')) : Promise.resolve('loaded');
      },
      hasTimeLeft: () => true,
      mayClear,
      concurrency: 3,
    });
  };
  const first = await attempt([], (line) => line % 4 === 0);
  expect(first.busy).toBeInstanceOf(BusyError);
  expect(countVerdicts(1, first.verdicts).loaded).toBe(15);
  const second = await attempt(first.verdicts, () => false);
  expect(written).toEqual([4, 8, 12, 16, 20]);
  expect(second).toEqual({ verdicts: rows.map(() => 'loaded') });
});

it('a table that takes nothing is left alone after a few rows', async () => {
  let calls = 0;
  const loadRow = () => {
    calls++;
    return Promise.reject(new BusyError('busy'));
  };
  const many = Array.from({ length: 1_000 }, (_, index) => ({ line: index + 2, values: [] }));
  const result = await loadRows(many, [], { loadRow, hasTimeLeft: () => true, mayClear, concurrency: 2 });
  expect(result.busy).toBeInstanceOf(BusyError);
  expect(calls).toBeLessThan(12);
});

it('an error that no attempt can clear ends the chunk', async () => {
  const loadRow = () => Promise.reject(new Error('wrong'));
  await expect(loadRows(rows, [], { loadRow, hasTimeLeft: () => true, mayClear, concurrency: 2 })).rejects.toThrow(
    'wrong',
  );
});
