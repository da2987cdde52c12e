import { ApiBusyError, ApiRefusedError, CursorExpiredError } from '../../../lambda/etl-pipeline/errors';
import { dueRun, fetchPages, stateAfter, type ExtractRun } from '../../../lambda/etl-pipeline/extract';

const start = new Date('2026-11-27T01:00:00Z');
const later = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const first = dueRun({}, start, 24, false)!;

/** Pages `a`, `b`, `c`; a fault comes once at its position. */
function api(faults: Record<string, Error> = {}, left = Infinity) {
  const pages = ['a', 'b', 'c'];
  const saved = new Map<string, string>();
  const runs: ExtractRun[] = [];
  const asked: (string | undefined)[] = [];
  const effects = {
    fetchPage: (position: string | undefined) => {
      asked.push(position);
      const index = position === undefined ? 0 : pages.indexOf(position);
      const fault = faults[pages[index]!];
      if (fault !== undefined) {
        Reflect.deleteProperty(faults, pages[index]!);
        return Promise.reject(fault);
      }
      return Promise.resolve({ items: [`"${pages[index]}"`], next: pages[index + 1] });
    },
    savePage: (key: string, lines: string) => Promise.resolve(void saved.set(key, lines)),
    saveRun: (run: ExtractRun) => Promise.resolve(void runs.push(run)),
    hasTimeLeft: () => left-- > 0,
  };
  return { effects, saved, runs, asked };
}

it('pages are saved in order until the last, and the progress after each', async () => {
  const { effects, saved, runs } = api();
  expect(await fetchPages(first, effects)).toMatchObject({ pages: 3, rows: 3, bytes: 12, complete: true });
  expect([...saved.values()]).toEqual(['"a"\n', '"b"\n', '"c"\n']);
  expect(runs.map(({ position }) => position)).toEqual(['b', 'c', 'c']);
});

it('a run that is out of time goes on at the page that it had reached', async () => {
  const one = api({}, 2);
  const reached = await fetchPages(first, one.effects);
  expect(reached).toMatchObject({ complete: false, position: 'c' });
  const other = api();
  expect(await fetchPages(reached, other.effects)).toMatchObject({ rows: 3, complete: true });
  expect(other.asked).toEqual(['c']);
});

it('an expired cursor begins the run anew in another folder, a few times', async () => {
  const { effects, saved } = api({ c: new CursorExpiredError('gone') });
  expect(await fetchPages(first, effects)).toMatchObject({ rows: 3, restarts: 1, complete: true });
  expect([...saved.keys()].filter((key) => key.includes('Z-1/'))).toHaveLength(3);
  const always = api();
  always.effects.fetchPage = () => Promise.reject(new CursorExpiredError('gone'));
  await expect(fetchPages(first, always.effects)).rejects.toThrow(CursorExpiredError);
});

it('an API without an end is refused before its records fill the memory', async () => {
  const { effects } = api();
  effects.fetchPage = () => Promise.resolve({ items: ['x'.repeat(50_000_000)], next: 'more' });
  await expect(fetchPages(first, effects)).rejects.toThrow('more than 128000000 bytes');
});

it.each([
  ['the first', {}, 0, true],
  ['one before its time', { lastStartedAt: start.toISOString() }, 23 * 60, false],
  ['one a few minutes early', { lastStartedAt: start.toISOString() }, 24 * 60 - 5, true],
  ['one under way', { run: first, lastStartedAt: start.toISOString() }, 1, true],
  ['one that the API asked to wait', { run: first, notBefore: later(60).getTime() }, 59, false],
  ['one after that wait', { run: first, notBefore: later(60).getTime() }, 60, true],
])('%s is due: %#', (_, state, minutes, due) => {
  expect(dueRun(state, later(minutes), 24, false) !== undefined).toBe(due);
  expect(dueRun(state, later(minutes), 24, true)).toBeDefined();
});

it('a busy API is asked for the same page later; what it refuses begins anew after an hour', () => {
  const state = { run: first, lastStartedAt: 'before' };
  expect(stateAfter(new ApiBusyError('status 429', 7), state, start)).toEqual({ ...state, notBefore: 7 });
  const after = { lastStartedAt: 'before', notBefore: later(60).getTime() };
  expect(stateAfter(new ApiRefusedError('status 401'), state, start)).toEqual(after);
  expect(stateAfter(new CursorExpiredError('again'), state, start)).toEqual(after);
  expect(stateAfter(new Error('S3'), state, start)).toEqual(state);
});
