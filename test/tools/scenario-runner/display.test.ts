import { stripVTControlCharacters } from 'node:util';
import { Display } from '../../../tools/scenario-runner/display';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function displayTo(isTTY: boolean, environment: NodeJS.ProcessEnv = {}) {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text), isTTY, columns: 40 };
  return { display: new Display(output, environment), text: () => written.join('') };
}

test('a terminal shows one live line per task and erases it before other output', () => {
  const { display, text } = displayTo(true, { FORCE_COLOR: '0' });
  const one = display.task('deploy');
  display.task('check');
  one.detail = 'uploading';
  jest.advanceTimersByTime(100);
  expect(text()).toContain('deploy (0 s): uploading\n');
  expect(text()).toContain('check (0 s)\n');
  const before = text().length;
  display.line('done');
  expect(text().slice(before).startsWith('\u001b[2A\u001b[0Jdone\n')).toBe(true);
  one.end();
  expect(text().split('\u001b[2A\u001b[0J').at(-1)).not.toContain('deploy');
  display.close();
});

test('a live line is cut to the width of the terminal', () => {
  const { display, text } = displayTo(true);
  display.task('x'.repeat(100));
  jest.advanceTimersByTime(100);
  expect(
    Math.max(
      ...text()
        .split('\n')
        .map((line) => stripVTControlCharacters(line).length),
    ),
  ).toBeLessThan(40);
  display.close();
});

test.each([
  ['in a pipe', false, {}],
  ['with CI', true, { CI: 'true' }],
  ['with NO_COLOR', true, { NO_COLOR: '1' }],
])('%s lines are plain, and running tasks are repeated every 30 s', (_, isTTY, environment) => {
  const { display, text } = displayTo(isTTY, environment);
  display.task('deploy').detail = 'uploading';
  jest.advanceTimersByTime(29_000);
  expect(text()).toBe('');
  jest.advanceTimersByTime(2_000);
  expect(text()).toBe('  … deploy (30 s): uploading\n');
  display.close();
});

test('FORCE_COLOR colors the output of a pipe', () => {
  const { display } = displayTo(false, { FORCE_COLOR: '1' });
  expect(display.colors.red('x')).toBe('\u001b[31mx\u001b[39m');
  display.close();
});
