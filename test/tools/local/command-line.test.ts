import { z } from 'zod';
import type { Scenario } from '../../../scenarios/shared/scenario';
import { checkOnly, help, readOptions, type RunOptions } from '../../../tools/local/command-line';

const settings = z.strictObject({ seconds: z.int().default(1) });
const known = ['image-resize', 'queue-processor'].map((slug) => ({ slug, settings }));

test('the help explains every option', () => {
  const options = ['--prove', '--soak', '--only', '--seed', '--set', '--watch', '--keep', '--stop'];
  for (const option of options) expect(help).toContain(`  ${option} `);
});

test('without arguments all smoke tests run and nothing stays deployed', () => {
  expect(readOptions([], known)).toEqual({
    command: 'run',
    slugs: [],
    keep: false,
    watch: false,
    prove: false,
    soak: undefined,
    only: [],
    seed: expect.any(Number) as unknown,
    overrides: [],
  });
});

test('architectures, checks and settings may be named', () => {
  const args = [
    'image-resize',
    'image-resize',
    '--prove',
    '--only',
    'bombs',
    '--seed',
    '7',
    '--set',
    'image-resize={"seconds":2}',
  ];
  expect(readOptions(args, known)).toMatchObject({
    slugs: ['image-resize'],
    prove: true,
    only: ['bombs'],
    seed: 7,
    overrides: [{ slug: 'image-resize', json: '{"seconds":2}' }],
  });
});

test.each([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--stop', 'stop'],
])('%s is the command %s', (argument, command) => {
  expect(readOptions([argument], known)).toEqual({ command });
});

test.each([
  [['nope'], "unknown architecture 'nope': use one of image-resize, queue-processor"],
  [['--bogus'], "Unknown option '--bogus'"],
  [['--prove', '--soak', '10'], '--soak 10: use a whole number with s, m or h'],
  [['--soak', '10m'], '--soak 10m: use npm run prove'],
  [['--watch', '--keep'], '--watch --keep: use one of them'],
  [['--watch', '--prove', '--soak', '10m'], '--watch --soak 10m: use one of them'],
  [['--set', 'image-resize'], "--set 'image-resize': use --set '<slug>=<json>'"],
  [['--set', 'nope={}'], "unknown architecture 'nope'"],
  [['--set', 'image-resize={'], '--set image-resize: received "{", which is not JSON'],
  [['--seed', 'x'], '--seed x: use a whole number'],
  [['--set', 'image-resize={"second":1}'], 'image-resize'],
  [['--set', 'image-resize={"seconds":"a"}'], 'image-resize.seconds'],
  [['--set', 'image-resize=[1]'], '--set image-resize'],
])('%j is refused with the value and the fix', (args, message) => {
  expect(() => readOptions(args, known)).toThrow(message);
});

test('--only names a check that the run has', () => {
  const check = (name: string) => ({ name, title: name, run: () => Promise.resolve() });
  const variants = [{ name: 'fifo', settings: {}, proofs: [check('in-order')] }];
  const scenario: Scenario = { slug: 'queue', smokeTest: check('smoke-test'), proofs: [check('kills')], variants };
  const only = (name: string, prove: boolean) =>
    checkOnly({ only: [name], prove, soak: undefined } as unknown as RunOptions, [scenario]);
  expect(() => only('kills', true)).not.toThrow();
  expect(() => only('in-order', true)).not.toThrow();
  expect(() => only('kills', false)).toThrow('--only kills: this is a proof: use npm run prove');
  expect(() => only('smoke-test', true)).toThrow('--only smoke-test: this is a smoke test: use npm run local');
  expect(() => only('kill', true)).toThrow('--only kill: unknown check: use one of kills, in-order');
});
