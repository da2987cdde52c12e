import { silentProgress } from './silent-progress';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a short step passes in silence', () => {
  const { progress, lines } = silentProgress();
  const ends = progress.stepStarts('sample', 'smoke-test', 'upload');
  jest.advanceTimersByTime(1_900);
  ends(false);
  jest.advanceTimersByTime(60_000);
  expect(lines).toEqual([]);
});

test('a long step says so after two seconds, again while it lasts, and when it ends', () => {
  const { progress, lines } = silentProgress();
  const ends = progress.stepStarts('sample', 'smoke-test', 'upload');
  jest.advanceTimersByTime(2_000);
  expect(lines).toEqual(['  sample · smoke-test: upload …']);
  jest.advanceTimersByTime(30_000);
  ends(true);
  jest.advanceTimersByTime(60_000);
  expect(lines.slice(1)).toEqual([
    '  sample · smoke-test: upload … still going after 32.0 s',
    '  sample · smoke-test: upload failed (32.0 s)',
  ]);
});
