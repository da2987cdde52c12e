import { timeLimitOf } from '../../../lambda/scheduled-backup/time-limit';

it('no work begins in the last quarter of an invocation, below the share at which a function counts as slow', () => {
  let remaining = 900_000;
  const { hasTimeLeft, signal } = timeLimitOf({ getRemainingTimeInMillis: () => remaining });
  remaining = 226_000;
  expect(hasTimeLeft()).toBe(true);
  remaining = 224_000;
  expect(hasTimeLeft()).toBe(false);
  expect(signal.aborted).toBe(false);
});

it('requests are aborted before recording is', () => {
  const { signal, recordSignal } = timeLimitOf({ getRemainingTimeInMillis: () => 2_000 });
  expect([signal.aborted, recordSignal.aborted]).toEqual([true, false]);
});
