import { setTimeout as sleep } from 'node:timers/promises';
import { BorrowTimeout, ConnectionPool, type ServerConnection } from '../../../../tools/local/database/connection-pool';

class Fake implements ServerConnection {
  isOpen = true;
  constructor(
    readonly key: string,
    private readonly serverCloses: Promise<void>,
  ) {}
  close(): Promise<void> {
    this.isOpen = false;
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

it('a connection that was given back is lent again', async () => {
  const { made, opened } = pool(5);
  const first = await made.borrow('a');
  made.giveBack(first);
  expect(await made.borrow('a')).toBe(first);
  expect(opened).toHaveLength(1);
});

it('no more than the limit are open, and whoever comes later waits', async () => {
  const { made, opened } = pool(2);
  const [first] = [await made.borrow('a'), await made.borrow('a')];
  const third = made.borrow('a');
  made.giveBack(first);
  expect(await third).toBe(first);
  expect(opened).toHaveLength(2);
});

it('an idle connection of another user makes room', async () => {
  const { made, opened } = pool(1);
  made.giveBack(await made.borrow('a'));
  expect((await made.borrow('b')).key).toBe('b');
  expect(opened.map(({ isOpen }) => isOpen)).toEqual([false, true]);
});

it('who waits longer than the borrow timeout is told so', async () => {
  const { made } = pool(1, 1);
  await made.borrow('a');
  await expect(made.borrow('a')).rejects.toThrow(BorrowTimeout);
});

it('a server that is away is asked again until it is back', async () => {
  let attempts = 0;
  const made = new ConnectionPool<Fake>(1, 30_000, (key) =>
    ++attempts < 3 ? Promise.reject(new Error('ECONNREFUSED')) : Promise.resolve(new Fake(key, Promise.resolve())),
  );
  expect((await made.borrow('a')).isOpen).toBe(true);
  expect(attempts).toBe(3);
});

it('connections that have ended, lent or idle, leave their place to others', async () => {
  const { made } = pool(1);
  const first = await made.borrow('a');
  made.drop(first);
  const second = await made.borrow('a');
  expect(first.isOpen).toBe(false);
  made.giveBack(second);
  made.forget(second);
  expect(await made.borrow('a')).not.toBe(second);
});

it.each([
  ['dropped', 'a'],
  ['closed for another user', 'b'],
])('the place of a connection that was %s is free once the server has closed it', async (_, key) => {
  let serverCloses = (): void => undefined;
  const { made, opened } = pool(1, 30_000, new Promise((resolve) => (serverCloses = resolve)));
  const first = await made.borrow('a');
  if (key === 'a') made.drop(first);
  else made.giveBack(first);
  const second = made.borrow(key);
  await sleep(1);
  expect(first.isOpen).toBe(false);
  expect(opened).toHaveLength(1);
  serverCloses();
  await expect(second).resolves.not.toBe(first);
});

it('a connection that is dropped twice leaves one place alone', async () => {
  const { made, opened } = pool(2, 1);
  const first = await made.borrow('a');
  made.drop(first);
  made.drop(first);
  await made.borrow('a');
  await made.borrow('a');
  await expect(made.borrow('a')).rejects.toThrow(BorrowTimeout);
  expect(opened).toHaveLength(3);
});
