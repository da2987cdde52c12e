import fc from 'fast-check';
import { backoffSeconds, retryDelayMilliseconds } from '../../../lambda/queue-processor/backoff';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const backoff = { baseSeconds: 5, capSeconds: 300 };

it.each([
  [1, 5],
  [2, 10],
  [3, 20],
  [4, 40],
  [7, 300],
  [1_000, 300],
])('after receive %i a message is hidden for %i seconds at most', (receiveCount, ceiling) => {
  expect(backoffSeconds(receiveCount, backoff, 0.999_999)).toBe(ceiling);
  expect(backoffSeconds(receiveCount, backoff, 0)).toBe(1);
});

it('a delay is a whole number of seconds between one and its ceiling', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), random, (receiveCount, chance) => {
      const seconds = backoffSeconds(receiveCount, backoff, chance);
      expect(Number.isInteger(seconds)).toBe(true);
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(Math.min(300, 5 * 2 ** (receiveCount - 1)));
    }),
  );
});

it('messages that failed together are not delivered again together', () => {
  const seconds = Array.from({ length: 1_000 }, (_, index) => backoffSeconds(4, backoff, index / 1_000));
  expect(new Set(seconds).size).toBe(40);
});

it('all retry delays of one order together are at most a second', () => {
  const longest = [2, 3, 4].map((attempt) => retryDelayMilliseconds(attempt, 0.999_999));
  expect(longest).toEqual([100, 200, 400]);
});
