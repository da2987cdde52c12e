import { Deadline, DeadlineReachedError } from '../../../lambda/shared/deadline';
import type { Database } from '../../../lambda/database-access/database';
import { pauseMilliseconds, Session, type RetryPolicy } from '../../../lambda/database-access/session';

const lost = (): Error => Object.assign(new Error('gone'), { code: 'ECONNRESET' });

/** A factory of databases that tracks whether each one was discarded. */
function databases() {
  const all: { discarded: boolean }[] = [];
  const open = (): Database => {
    const one = { discarded: false };
    all.push(one);
    return { db: one as never, discard: () => void (one.discarded = true) };
  };
  return { all, open };
}

/** @param milliseconds time until no time is left */
function policy(milliseconds = 10_000): RetryPolicy & { pauses: number[] } {
  const pauses: number[] = [];
  const signal = new Deadline(() => milliseconds).signalBefore(0);
  return { pauses, signal, pause: (next) => Promise.resolve(void pauses.push(next)) };
}
const ignoreRetries = (): void => undefined;

it('opens one connection on first use and reuses it in later invocations', async () => {
  const { all, open } = databases();
  const session = new Session(open);
  expect(all).toHaveLength(0);
  const used = [];
  for (let count = 0; count < 3; count++) {
    used.push(await session.run(({ db }) => Promise.resolve(db), policy(), ignoreRetries));
  }
  expect(all).toHaveLength(1);
  expect(new Set(used).size).toBe(1);
});

it('discards a broken connection and repeats the work on a new one', async () => {
  const { all, open } = databases();
  const retries: number[] = [];
  let attempts = 0;
  const work = () => (++attempts === 1 ? Promise.reject(lost()) : Promise.resolve('done'));
  await expect(new Session(open).run(work, policy(), (_, next) => void retries.push(next))).resolves.toBe('done');
  expect(all.map(({ discarded }) => discarded)).toEqual([true, false]);
  expect(retries).toEqual([2]);
});

it('repeats work after contention on the same connection', async () => {
  const { all, open } = databases();
  let attempts = 0;
  const deadlock = Object.assign(new Error('x'), { code: '40P01' });
  const work = () => (++attempts < 3 ? Promise.reject(deadlock) : Promise.resolve(attempts));
  const retryPolicy = policy();
  await expect(new Session(open).run(work, retryPolicy, ignoreRetries)).resolves.toBe(3);
  expect(all).toHaveLength(1);
  expect(retryPolicy.pauses).toEqual([2, 3]);
});

it.each([
  ['repeats an insert', true, 'done'],
  ['does not repeat a query', undefined, 'Error: 57014'],
])('%s that ran into the limit of a statement', async (_, locksRows, result) => {
  const { open } = databases();
  const timeout = Object.assign(new Error('57014'), { code: '57014' });
  let attempts = 0;
  const work = () => (++attempts === 1 ? Promise.reject(timeout) : Promise.resolve('done'));
  const retryPolicy = { ...policy(), ...(locksRows === undefined ? {} : { locksRows }) };
  const outcome = new Session(open).run(work, retryPolicy, ignoreRetries).catch(String);
  expect(await outcome).toBe(result);
});

it('does not retry a permanent error', async () => {
  const { all, open } = databases();
  const work = jest.fn(() => Promise.reject(Object.assign(new Error('syntax'), { code: '42601' })));
  await expect(new Session(open).run(work, policy(), ignoreRetries)).rejects.toThrow('syntax');
  expect(work).toHaveBeenCalledTimes(1);
  expect(all[0]?.discarded).toBe(false);
});

it('reports an unavailable database when the time is over', async () => {
  const { open } = databases();
  const stop = new AbortController();
  const retryPolicy = { signal: stop.signal, pause: () => Promise.resolve() };
  let attempts = 0;
  const work = () => {
    if (++attempts === 3) stop.abort(new DeadlineReachedError('over'));
    return Promise.reject(lost());
  };
  await expect(new Session(open).run(work, retryPolicy, ignoreRetries)).rejects.toMatchObject({
    name: 'DatabaseUnavailable',
  });
  expect(attempts).toBe(3);
});

it('discards a connection that does not answer in time', async () => {
  const { all, open } = databases();
  const run = new Session(open).run(() => new Promise(() => undefined), policy(5), ignoreRetries);
  await expect(run).rejects.toMatchObject({ name: 'DatabaseUnavailable' });
  expect(all[0]?.discarded).toBe(true);
});

it('pauses at most half a second, so that a recovered database is noticed soon', () => {
  for (let next = 2; next < 40; next++) {
    expect(pauseMilliseconds(next, 0.999_999)).toBeLessThanOrEqual(500);
    expect(pauseMilliseconds(next, 0)).toBeGreaterThanOrEqual(0);
  }
});
