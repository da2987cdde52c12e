import { Deadline, DeadlineReachedError } from '../../../lambda/shared/deadline';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** An invocation that ends so many milliseconds from now, as `getRemainingTimeInMillis` tells it. */
function invocation(milliseconds: number): Deadline {
  const end = Date.now() + milliseconds;
  return new Deadline(() => end - Date.now());
}

it('a signal aborts its reserve before the end, each reserve by itself', () => {
  const deadline = invocation(20_000);
  const work = deadline.signalBefore(1_500);
  const rest = deadline.signalBefore(750);
  jest.advanceTimersByTime(18_499);
  expect(work.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect([work.aborted, rest.aborted]).toEqual([true, false]);
  jest.advanceTimersByTime(750);
  expect(rest.aborted).toBe(true);
});

it('the reason says how much was reserved', () => {
  const signal = invocation(2_000).signalBefore(1_500);
  jest.advanceTimersByTime(500);
  expect(signal.reason).toBeInstanceOf(DeadlineReachedError);
  expect(signal.reason).toMatchObject({
    name: 'DeadlineReachedError',
    message: expect.stringContaining('stopped 1500 ms before'),
  });
});

it('a signal that is asked for too late is aborted at once', () => {
  const deadline = invocation(1_000);
  expect(deadline.signalBefore(1_000).aborted).toBe(true);
  expect(deadline.signalBefore(5_000).reason).toBeInstanceOf(DeadlineReachedError);
});

it('the time left is counted down to zero', () => {
  const deadline = invocation(1_000);
  expect(deadline.remainingMilliseconds).toBe(1_000);
  expect(deadline.hasTimeLeft(1_000)).toBe(true);
  jest.advanceTimersByTime(1);
  expect(deadline.hasTimeLeft(1_000)).toBe(false);
  jest.advanceTimersByTime(2_000);
  expect(deadline.remainingMilliseconds).toBe(0);
});

it('a signal that was never cleared leaves the next invocation its own', () => {
  const first = invocation(1_000).signalBefore(0);
  // Lambda freezes the environment, and thaws it after the first invocation's end.
  jest.setSystemTime(Date.now() + 60_000);
  const second = invocation(1_000).signalBefore(0);
  jest.advanceTimersByTime(999);
  expect(second.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect([first.aborted, second.aborted]).toEqual([true, true]);
});

it('its timers let the process end', () => {
  jest.useRealTimers();
  const started = jest.spyOn(globalThis, 'setTimeout');
  new Deadline(() => 60_000).signalBefore(0);
  const timer = started.mock.results[0]?.value as NodeJS.Timeout;
  expect(timer.hasRef()).toBe(false);
  clearTimeout(timer);
  started.mockRestore();
});
