import { countVerdicts, loadRows, type Verdicts } from '../../../lambda/etl-pipeline/load';
import type { StagedRow } from '../../../lambda/etl-pipeline/values';

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
    verdicts = await loadRows(rows, verdicts, {
      loadRow: ({ line }) => {
        written.push(line);
        return Promise.resolve(line % 2 === 0 ? 'loaded' : 'older');
      },
      hasTimeLeft: () => left-- > 0,
      concurrency: 3,
    });
  } while (verdicts.includes(null));
  expect(invocations).toBe(4);
  expect(written.sort((one, other) => one - other)).toEqual(rows.map(({ line }) => line));
  expect(countVerdicts(5, verdicts)).toEqual({ part: 5, loaded: 10, unchanged: 0, older: 10 });
});
