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

it('an option that nobody knows is wrong usage, and says where to look', () => {
  expect(() => parseOptions({ args: ['--nowhere'], options: {} })).toThrow(UsageError);
  expect(() => parseOptions({ args: ['--nowhere'], options: {} })).toThrow(/--nowhere.* \(--help lists the options\)$/);
});

it('options are read as parseArgs reads them', () => {
  const { values } = parseOptions({ args: ['--stage', 'prod'], options: { stage: { type: 'string' } } });
  expect(values.stage).toBe('prod');
});

it.each([
  ['nothing', () => undefined, 0, []],
  ['a code', () => 1, 1, []],
  ['wrong usage', () => Promise.reject(new UsageError('use --a')), 2, ['use --a']],
  // A mistake of ours is no mistake of the user's.
  ['a TypeError', () => Promise.reject(new TypeError('x is undefined')), 1, ['x is undefined']],
])('%s ends a command with its exit code and its message', async (_, main, code, messages) => {
  await runCommand(main);
  expect([process.exitCode, said]).toEqual([code, messages]);
});
