import { architectures } from '../../lib/architectures';
import { readOptions, redrivable } from '../../operations/redrive';

test.each(Object.entries(redrivable))('%s is an architecture of the registry under its stack id', (slug, { stack }) => {
  expect(architectures.find((architecture) => architecture.slug === slug)?.id).toBe(stack);
});

test('everything but the architecture has a default', () => {
  expect(readOptions(['image-resize'])).toEqual({
    architecture: 'image-resize',
    dryRun: false,
    maximum: undefined,
    stage: 'sandbox',
    outputs: undefined,
  });
});

test('options are read', () => {
  const args = ['image-resize', '--dry-run', '--max', '5', '--stage', 'prod', '--outputs', 'outputs.json'];
  expect(readOptions(args)).toMatchObject({ dryRun: true, maximum: 5, stage: 'prod', outputs: 'outputs.json' });
});

test('what selects dead letters is read', () => {
  const args = ['queue-processor', '--older-than', '15m', '--reason', 'payload-missing', '--per-second', '5'];
  expect(readOptions(args)).toMatchObject({ olderThanSeconds: 900, reason: 'payload-missing', perSecond: 5 });
});

test.each([
  ['90s', 90],
  ['2h', 7_200],
  ['3d', 259_200],
])('--older-than %s is %i seconds', (text, olderThanSeconds) => {
  expect(readOptions(['queue-processor', '--older-than', text])).toMatchObject({ olderThanSeconds });
});

test.each([
  [[], `received '': use one of image-resize`],
  [['image-resise'], `received 'image-resise': use one of`],
  [['toString'], `received 'toString': use one of`],
  [['image-resize', 'more'], `received 'image-resize more'`],
  [['image-resize', '--stage', 'qa'], `unknown --stage 'qa': use one of sandbox, prod`],
  [['image-resize', '--max', '0'], `--max '0': use a whole number of at least 1`],
  [['image-resize', '--max', 'all'], `--max 'all': use a whole number`],
  [['image-resize', '--force'], `--force`],
  [['image-resize', '--reason', 'malformed'], `--reason is only for queue-processor, not for image-resize`],
  [['queue-processor', '--reason', 'bad'], `unknown --reason 'bad': use one of malformed, `],
  [['queue-processor', '--older-than', '15'], `--older-than '15': use a number and a unit, such as 90s`],
  [['queue-processor', '--per-second', '101'], `--per-second '101': use a whole number from 1 to 100`],
])('%j is refused in one line', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
