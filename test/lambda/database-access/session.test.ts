import type { Database } from '../../../lambda/database-access/database';
import { pauseMilliseconds, Session, type Patience } from '../../../lambda/database-access/session';

const lost = (): Error => Object.assign(new Error('gone'), { code: 'ECONNRESET' });

/** Databases that were opened, each with whether it was discarded. */
function opened() {
  const all: { discarded: boolean }[] = [];
  const open = (): Database => {
    const one = { discarded: false };
    all.push(one);
    return { db: one as never, discard: () => void (one.discarded = true) };
  };
  return { all, open };
}

function patience(remaining = () => 10_000): Patience & { pauses: number[] } {
  const pauses: number[] = [];
  return { pauses, remaining, pause: (next) => Promise.resolve(void pauses.push(next)) };
}
const silently = (): void => undefined;

it('nothing is opened before it is needed, and one connection serves all invocations', async () => {
  const { all, open } = opened();
  const session = new Session(open);
  expect(all).toHaveLength(0);
  const used = [];
  for (let count = 0; count < 3; count++) {
    used.push(await session.run(({ db }) => Promise.resolve(db), patience(), silently));
  }
  expect(all).toHaveLength(1);
  expect(new Set(used).size).toBe(1);
});

it('a connection that has broken is thrown away, and the work is done over another', async () => {
  const { all, open } = opened();
  const retries: number[] = [];
  let attempts = 0;
  const work = () => (++attempts === 1 ? Promise.reject(lost()) : Promise.resolve('done'));
  await expect(new Session(open).run(work, patience(), (_, next) => void retries.push(next))).resolves.toBe('done');
  expect(all.map(({ discarded }) => discarded)).toEqual([true, false]);
  expect(retries).toEqual([2]);
});

it('work that met others is done again over the same connection', async () => {
  const { all, open } = opened();
  let attempts = 0;
  const deadlock = Object.assign(new Error('x'), { code: '40P01' });
  const work = () => (++attempts < 3 ? Promise.reject(deadlock) : Promise.resolve(attempts));
  const waits = patience();
  await expect(new Session(open).run(work, waits, silently)).resolves.toBe(3);
  expect(all).toHaveLength(1);
  expect(waits.pauses).toEqual([2, 3]);
});

it('what fails for good is not tried again', async () => {
  const { all, open } = opened();
  const work = jest.fn(() => Promise.reject(Object.assign(new Error('syntax'), { code: '42601' })));
  await expect(new Session(open).run(work, patience(), silently)).rejects.toThrow('syntax');
  expect(work).toHaveBeenCalledTimes(1);
  expect(all[0]?.discarded).toBe(false);
});

it('when the time is over the caller is told to come again', async () => {
  let left = 3;
  const { open } = opened();
  const run = new Session(open).run(
    () => Promise.reject(lost()),
    patience(() => (left-- > 0 ? 10_000 : 0)),
    silently,
  );
  await expect(run).rejects.toMatchObject({ name: 'DatabaseUnavailable' });
});

it('a database that does not answer is given up in time, and its connection with it', async () => {
  const { all, open } = opened();
  const run = new Session(open).run(
    () => new Promise(() => undefined),
    patience(() => 5),
    silently,
  );
  await expect(run).rejects.toMatchObject({ name: 'DatabaseUnavailable' });
  expect(all[0]?.discarded).toBe(true);
});

it('pauses stay below half a second, so that a database that is back is found soon', () => {
  for (let next = 2; next < 40; next++) {
    expect(pauseMilliseconds(next, 0.999_999)).toBeLessThanOrEqual(500);
    expect(pauseMilliseconds(next, 0)).toBeGreaterThanOrEqual(0);
  }
});
