import { parseOptions, runCommand, UsageError } from '../../../operations/command-line/command';

let said: unknown[];
beforeEach(() => {
  said = [];
  jest.spyOn(console, 'error').mockImplementation((text) => said.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
});

it('an unknown option is wrong usage, and the message names --help', () => {
  expect(() => parseOptions({ args: ['--nowhere'], options: {} })).toThrow(UsageError);
  for (const allowPositionals of [false, true]) {
    const parse = () => parseOptions({ args: ['--nowhere'], options: {}, allowPositionals });
    expect(parse).toThrow("Unknown option '--nowhere' (--help lists the options)");
  }
});

it('options are parsed as parseArgs parses them', () => {
  const { values } = parseOptions({ args: ['--stage', 'prod'], options: { stage: { type: 'string' } } });
  expect(values.stage).toBe('prod');
});

it.each([
  ['nothing', () => undefined, 0, []],
  ['a code', () => 1, 1, []],
  ['wrong usage', () => Promise.reject(new UsageError('use --a')), 2, ['use --a']],
  // A defect is not wrong usage.
  ['a TypeError', () => Promise.reject(new TypeError('x is undefined')), 1, ['x is undefined']],
])('%s sets the exit code and prints the message', async (_, main, code, messages) => {
  await runCommand(main);
  expect([process.exitCode, said]).toEqual([code, messages]);
});
