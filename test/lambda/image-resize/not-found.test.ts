import { isRetried, isUnexplained } from '../../../lambda/image-resize/not-found';

test.each([
  ['absent', false, true],
  ['absent', true, false],
  ['deleted', false, false],
  ['deleted', true, false],
] as const)('a photo that is %s is unexplained unless its event reports that: %s', (state, isDeletion, expected) => {
  for (const outcome of ['missing', 'removed'] as const) {
    expect(isUnexplained({ isDeletion }, { outcome, state })).toBe(expected);
  }
});

test('a photo that is there needs no explanation', () => {
  expect(isUnexplained({ isDeletion: false }, { outcome: 'resized', versionId: 'v1' })).toBe(false);
});

test.each([
  [149, 150, true],
  [150, 150, false],
  [0, 0, false],
])('an event that is %d s old, of %d s, is retried: %s', (age, retrySeconds, expected) => {
  const now = new Date('2026-01-01T00:10:00Z');
  expect(isRetried(new Date(now.getTime() - age * 1_000), now, retrySeconds)).toBe(expected);
});

test('an event without a time is left to its retries', () => {
  expect(isRetried(undefined, new Date(), 0)).toBe(true);
});
