import { timeLimitOf } from '../../../lambda/etl-pipeline/time-limit';

it('no work begins in the last quarter, and requests are aborted before the end', () => {
  let left = 1_000;
  const { hasTimeLeft, signal } = timeLimitOf({ getRemainingTimeInMillis: () => left });
  expect([hasTimeLeft(), signal.aborted]).toEqual([true, true]);
  left = 249;
  expect(hasTimeLeft()).toBe(false);
  expect(timeLimitOf({ getRemainingTimeInMillis: () => 10_000 }).signal.aborted).toBe(false);
});
