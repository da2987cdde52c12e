import { readDuration } from '../../../tools/scenario-runner/duration';

test.each([
  ['90s', 90],
  ['10m', 600],
  ['1h', 3_600],
])('%s is %i seconds', (text, seconds) => {
  expect(readDuration('--soak', text)).toBe(seconds);
});

test.each(['', '0m', '10', 'm', '1.5h', '-1s', '1d', '10m '])('%j is refused with the fix', (text) => {
  expect(() => readDuration('--soak', text)).toThrow('use a whole number with s, m or h, such as 90s, 10m or 1h');
});
