import { percentile } from '../../../../tools/local/invocations/statistics';

test.each([
  [[], 0.5, 0],
  [[7], 0.99, 7],
  [[1, 2, 3, 4], 0.5, 2],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.99, 99],
])('of %j the percentile %d is %d', (sorted, share, value) => {
  expect(percentile(sorted, share)).toBe(value);
});
