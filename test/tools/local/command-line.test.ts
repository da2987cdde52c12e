import { readOptions } from '../../../tools/local/command-line';

const known = ['image-resize', 'queue-processor'];

test('without arguments all smoke tests run and everything is taken down', () => {
  expect(readOptions([], known)).toEqual({
    command: 'run',
    slugs: [],
    keep: false,
    prove: false,
    soak: undefined,
    only: [],
    seed: undefined,
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
    'image-resize={"a":"b=c"}',
  ];
  expect(readOptions(args, known)).toMatchObject({
    slugs: ['image-resize'],
    prove: true,
    only: ['bombs'],
    seed: '7',
    overrides: [{ slug: 'image-resize', json: '{"a":"b=c"}' }],
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
  [['--set', 'image-resize'], "--set 'image-resize': use --set '<slug>=<json>'"],
  [['--set', 'nope={}'], "unknown architecture 'nope'"],
  [['--set', 'image-resize={'], '--set image-resize: received {, which is no JSON object'],
  [['--set', 'image-resize=[1]'], '--set image-resize: received [1], which is no JSON object'],
])('%j is refused with the value and the fix', (args, message) => {
  expect(() => readOptions(args, known)).toThrow(message);
});
