import { patiently, pauseMilliseconds } from '../../../lambda/stream-processor/retry-policy';
import { retryUntilDeadline } from '../../../lambda/stream-processor/invocation-time';

const named = (name: string) => Object.assign(new Error(name), { name });
const { signal } = new AbortController();
const inTime = (attempts: number) => ({ hasTimeLeft: () => attempts-- > 0, pause: () => Promise.resolve(), signal });

it.each(['ThrottlingException', 'TimeoutError', 'TransactionConflictException'])(
  'a service that answers %s is waited for',
  async (name) => {
    const call = jest
      .fn()
      .mockRejectedValueOnce(named(name))
      .mockRejectedValueOnce(named(name))
      .mockResolvedValue('done');
    await expect(patiently(call, inTime(5))).resolves.toBe('done');
    expect(call).toHaveBeenCalledTimes(3);
  },
);

it('a busy service is waited for until the invocation is about to end', async () => {
  const call = jest.fn().mockRejectedValue(named('ThrottlingException'));
  await expect(patiently(call, inTime(2))).rejects.toThrow('ThrottlingException');
  expect(call).toHaveBeenCalledTimes(3);
});

it('any other error fails at once', async () => {
  const call = jest.fn().mockRejectedValue(named('ValidationException'));
  await expect(patiently(call, inTime(5))).rejects.toThrow('ValidationException');
  expect(call).toHaveBeenCalledTimes(1);
});

it('no attempt begins in the last two seconds of an invocation, and none goes on in the last one', async () => {
  const policy = (left: number) => retryUntilDeadline({ getRemainingTimeInMillis: () => left });
  expect(policy(2_000).hasTimeLeft()).toBe(true);
  expect(policy(1_999).hasTimeLeft()).toBe(false);
  expect(policy(1_001).signal.aborted).toBe(false);
  expect(policy(1_000).signal.aborted).toBe(true);
  // No pause: it would last beyond that.
  await policy(2_000).pause(50);
});

it('pauses grow up to five seconds', () => {
  expect([1, 2, 3, 7, 50].map((attempt) => pauseMilliseconds(attempt, 1))).toEqual([100, 200, 400, 5_000, 5_000]);
});
