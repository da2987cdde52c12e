import { Semaphore } from '../../../lambda/shared/semaphore';

/** Whether a promise has resolved by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);
}

it('lets its number in and makes the others wait in their order', async () => {
  const semaphore = new Semaphore(2);
  await semaphore.acquire();
  await semaphore.acquire();
  const third = semaphore.acquire();
  const fourth = semaphore.acquire();
  expect(await isDone(third)).toBe(false);
  semaphore.release();
  expect([await isDone(third), await isDone(fourth)]).toEqual([true, false]);
  semaphore.release();
  expect(await isDone(fourth)).toBe(true);
});

it('keeps a permit that nobody waits for', async () => {
  const semaphore = new Semaphore(1);
  await semaphore.acquire();
  semaphore.release();
  expect(await isDone(semaphore.acquire())).toBe(true);
  expect(await isDone(semaphore.acquire())).toBe(false);
});

it('lets a waiter go whose signal aborts, and passes its turn on', async () => {
  const semaphore = new Semaphore(1);
  await semaphore.acquire();
  const controller = new AbortController();
  const second = semaphore.acquire(controller.signal);
  const third = semaphore.acquire();
  controller.abort(new Error('time is up'));
  await expect(second).rejects.toThrow('time is up');
  semaphore.release();
  expect(await isDone(third)).toBe(true);
});

it('a signal that aborts after its waiter was let in changes nothing', async () => {
  const semaphore = new Semaphore(1);
  await semaphore.acquire();
  const controller = new AbortController();
  const second = semaphore.acquire(controller.signal);
  semaphore.release();
  await second;
  controller.abort();
  semaphore.release();
  expect(await isDone(semaphore.acquire())).toBe(true);
  expect(await isDone(semaphore.acquire())).toBe(false);
});

it('lets nobody in whose signal is aborted', async () => {
  const semaphore = new Semaphore(1);
  await expect(semaphore.acquire(AbortSignal.abort(new Error('time is up')))).rejects.toThrow('time is up');
  expect(await isDone(semaphore.acquire())).toBe(true);
});
