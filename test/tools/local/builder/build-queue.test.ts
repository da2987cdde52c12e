import { BuildQueue, IdempotencyTokens } from '../../../../tools/local/builder/build-queue';

function clockAt(time: { now: number }) {
  return { now: () => time.now, after: () => () => undefined };
}

it('a token is the same build for five minutes, and a new one afterwards', () => {
  const time = { now: 0 };
  const tokens = new IdempotencyTokens(clockAt(time));
  tokens.remember('t', 'request', 'build-1');
  time.now = 299_999;
  expect(tokens.find('t', 'request')).toBe('build-1');
  time.now = 300_000;
  expect(tokens.find('t', 'request')).toBeUndefined();
});

it('a token with other parameters is refused', () => {
  const tokens = new IdempotencyTokens(clockAt({ now: 0 }));
  tokens.remember('t', 'request', 'build-1');
  expect(() => tokens.find('t', 'other')).toThrow('was used with other parameters');
});

it('so many builds run at once, five times as many wait, and more are turned away', async () => {
  const queue = new BuildQueue(1);
  const ends: (() => void)[] = [];
  const order: number[] = [];
  const job = (id: number) =>
    queue.run(
      () => {
        order.push(id);
        return new Promise<void>((resolve) => ends.push(resolve));
      },
      () => false,
    );
  const jobs = [job(0), job(1), job(2), job(3), job(4)];
  queue.checkRoom();
  jobs.push(job(5));
  expect(() => queue.checkRoom()).toThrow('Cannot have more builds in queue');
  while (order.length < 6 || ends.length > 0) {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(jobs);
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
});

it('a build that was stopped while it waited does not run', async () => {
  const queue = new BuildQueue(1);
  let ran = false;
  const job = (): Promise<void> => {
    ran = true;
    return Promise.resolve();
  };
  await queue.run(job, () => true);
  expect(ran).toBe(false);
});

it('an account that may have no builds refuses each of them, until it may', () => {
  const queue = new BuildQueue(1);
  const refused = queue.refuse();
  expect(() => queue.checkRoom()).toThrow('Cannot have more than 0 builds');
  expect(() => queue.checkRoom()).toThrow('Cannot have more than 0 builds');
  expect(refused.count()).toBe(2);
  refused.end();
  queue.checkRoom();
});
