import { Deadline, DeadlineReached, orStop } from '../../../lambda/queue-processor/deadline';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function invocation(milliseconds: number): () => number {
  const end = Date.now() + milliseconds;
  return () => end - Date.now();
}

it('no message is taken within the safety margin', () => {
  const deadline = new Deadline(invocation(20_000), 3_000);
  jest.advanceTimersByTime(17_000);
  expect(deadline.hasTime).toBe(true);
  jest.advanceTimersByTime(1);
  expect(deadline.hasTime).toBe(false);
  deadline.clear();
});

it('work is cut off 1.5 s before the end, and the return is due half a second and more before it', () => {
  const deadline = new Deadline(invocation(20_000), 3_000);
  jest.advanceTimersByTime(18_499);
  expect(deadline.work.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect([deadline.work.aborted, deadline.return.aborted]).toEqual([true, false]);
  jest.advanceTimersByTime(750);
  expect(deadline.return.reason).toBeInstanceOf(DeadlineReached);
  deadline.clear();
});

it('a deadline that was cleared leaves nothing for the next invocation', () => {
  const deadline = new Deadline(invocation(20_000), 3_000);
  deadline.clear();
  expect(jest.getTimerCount()).toBe(0);
});

it('work that does not listen is waited for no longer than its signal', async () => {
  const stop = new AbortController();
  const never = orStop(stop.signal, () => new Promise<never>(() => undefined));
  stop.abort(new DeadlineReached('now'));
  await expect(never).rejects.toThrow('now');
  await expect(orStop(stop.signal, async () => 'late')).rejects.toThrow('now');
});

it('work that is done in time gives its result', async () => {
  expect(await orStop(new AbortController().signal, async () => 42)).toBe(42);
});
