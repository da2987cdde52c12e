import { readSeed, seededRandom } from '../../../tools/scenario-runner/random';

const take = (seed: number, label: string, count = 1_000): number[] =>
  Array.from({ length: count }, seededRandom(seed, label));

test('the same seed and label give the same numbers, and another of either gives others', () => {
  expect(take(7, 'storm')).toEqual(take(7, 'storm'));
  expect(take(8, 'storm')).not.toEqual(take(7, 'storm'));
  expect(take(7, 'smoke-test')).not.toEqual(take(7, 'storm'));
});

test('numbers fill the whole range from 0 to below 1', () => {
  const numbers = take(1, 'range', 10_000);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => numbers.filter((number) => Math.floor(number * 10) === tenth).length,
  );
  expect(Math.min(...tenths)).toBeGreaterThan(800);
});

test('a seed is read, or drawn with up to six digits', () => {
  expect(readSeed('42')).toBe(42);
  for (const _ of Array.from({ length: 100 })) expect(String(readSeed(undefined))).toMatch(/^[1-9]\d{0,5}$/);
});

test.each(['-1', '1.5', 'x', ''])('the seed %j is refused with the fix', (text) => {
  expect(() => readSeed(text)).toThrow(`--seed ${text}: use a whole number of at least 0`);
});
