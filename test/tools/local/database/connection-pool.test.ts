import { setTimeout as sleep } from 'node:timers/promises';
import {
  BorrowTimeoutError,
  ConnectionPool,
  LoginRefusedError,
  type PooledConnection,
} from '../../../../tools/local/database/connection-pool';

class Fake implements PooledConnection {
  isOpen = true;
  constructor(
    readonly key: string,
    private readonly serverCloses: Promise<void>,
  ) {}
  closes = 0;
  close(): Promise<void> {
    this.isOpen = false;
    this.closes += 1;
    return this.serverCloses;
  }
}

function pool(limit: number, borrowMilliseconds = 30_000, serverCloses = Promise.resolve()) {
  const opened: Fake[] = [];
  const made = new ConnectionPool<Fake>(limit, borrowMilliseconds, (key) => {
    const one = new Fake(key, serverCloses);
    opened.push(one);
    return Promise.resolve(one);
  });
  return { made, opened };
}

it('lends a released connection again', async () => {
  const { made, opened } = pool(5);
  const first = await made.borrow('a');
  made.release(first);
  expect(await made.borrow('a')).toBe(first);
  expect(opened).toHaveLength(1);
});

it('opens at most the limit and lets later clients wait', async () => {
  const { made, opened } = pool(2);
  const [first] = [await made.borrow('a'), await made.borrow('a')];
  const third = made.borrow('a');
  made.release(first);
  expect(await third).toBe(first);
  expect(opened).toHaveLength(2);
});

it('closes an idle connection of another user to make room', async () => {
  const { made, opened } = pool(1);
  made.release(await made.borrow('a'));
  expect((await made.borrow('b')).key).toBe('b');
  expect(opened.map(({ isOpen }) => isOpen)).toEqual([false, true]);
});

it('fails a borrower after the borrow timeout', async () => {
  const { made } = pool(1, 1);
  await made.borrow('a');
  await expect(made.borrow('a')).rejects.toThrow(BorrowTimeoutError);
});

it('retries a server that is down until it is back', async () => {
  let attempts = 0;
  const made = new ConnectionPool<Fake>(1, 30_000, (key) =>
    ++attempts < 3 ? Promise.reject(new Error('ECONNREFUSED')) : Promise.resolve(new Fake(key, Promise.resolve())),
  );
  expect((await made.borrow('a')).isOpen).toBe(true);
  expect(attempts).toBe(3);
});

it('frees the place of a connection that ended, lent or idle', async () => {
  const { made } = pool(1);
  const first = await made.borrow('a');
  made.discard(first);
  const second = await made.borrow('a');
  expect(first.isOpen).toBe(false);
  made.release(second);
  made.removeIdle(second);
  expect(await made.borrow('a')).not.toBe(second);
});

it.each([
  ['discarded', 'a'],
  ['closed for another user', 'b'],
])('frees the place of a connection that was %s once the server has closed it', async (_, key) => {
  let serverCloses = (): void => undefined;
  const { made, opened } = pool(1, 30_000, new Promise((resolve) => (serverCloses = resolve)));
  const first = await made.borrow('a');
  if (key === 'a') made.discard(first);
  else made.release(first);
  const second = made.borrow(key);
  await sleep(1);
  expect(first.isOpen).toBe(false);
  expect(opened).toHaveLength(1);
  serverCloses();
  await expect(second).resolves.not.toBe(first);
});

it('lends a connection that is released twice to one borrower only', async () => {
  const { made } = pool(2, 1);
  const first = await made.borrow('a');
  made.release(first);
  made.release(first);
  expect(await made.borrow('a')).toBe(first);
  expect(await made.borrow('a')).not.toBe(first);
});

it('does not reuse a connection that has ended', async () => {
  const { made, opened } = pool(2);
  const [ended, idle] = [await made.borrow('a'), await made.borrow('a')];
  ended.isOpen = false;
  made.release(ended);
  made.release(idle);
  idle.isOpen = false;
  const next = await made.borrow('a');
  expect([ended, idle]).not.toContain(next);
  expect(opened).toHaveLength(3);
  expect(ended.closes).toBe(0);
});

it('fails a refused login at once', async () => {
  let attempts = 0;
  const made = new ConnectionPool<Fake>(1, 30_000, () => {
    attempts += 1;
    return Promise.reject(new LoginRefusedError('no'));
  });
  await expect(made.borrow('a')).rejects.toThrow(LoginRefusedError);
  expect(attempts).toBe(1);
});

it('frees one place for a connection that is discarded twice', async () => {
  const { made, opened } = pool(2, 1);
  const first = await made.borrow('a');
  made.discard(first);
  made.discard(first);
  await made.borrow('a');
  await made.borrow('a');
  await expect(made.borrow('a')).rejects.toThrow(BorrowTimeoutError);
  expect(opened).toHaveLength(3);
  expect(first.closes).toBe(1);
});
