import { raceAbort } from '../../../lambda/shared/race-abort';

it('work that does not notice the signal is waited for no longer than the signal says', async () => {
  const controller = new AbortController();
  const raced = raceAbort(controller.signal, () => new Promise<never>(() => undefined));
  controller.abort(new Error('time is up'));
  await expect(raced).rejects.toThrow('time is up');
});

it('no work starts after the abort', async () => {
  const start = jest.fn(async () => 'late');
  await expect(raceAbort(AbortSignal.abort(new Error('time is up')), start)).rejects.toThrow('time is up');
  expect(start).not.toHaveBeenCalled();
});

it('work that ends in time gives its result or its error', async () => {
  const { signal } = new AbortController();
  await expect(raceAbort(signal, async () => 42)).resolves.toBe(42);
  await expect(raceAbort(signal, () => Promise.reject(new Error('corrupt')))).rejects.toThrow('corrupt');
});

it('work that fails after the abort is not an unhandled rejection', async () => {
  const unhandled = jest.fn();
  process.on('unhandledRejection', unhandled);
  const controller = new AbortController();
  const work = Promise.withResolvers<never>();
  const raced = raceAbort(controller.signal, () => work.promise);
  controller.abort(new Error('time is up'));
  await expect(raced).rejects.toThrow('time is up');
  work.reject(new Error('too late'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

it('nothing listens to the signal any more once the work is done', async () => {
  const { signal } = new AbortController();
  const removed = jest.spyOn(signal, 'removeEventListener');
  const added = jest.spyOn(signal, 'addEventListener');
  await raceAbort(signal, async () => undefined);
  expect(added.mock.calls[0]?.[1]).toBe(removed.mock.calls[0]?.[1]);
});
