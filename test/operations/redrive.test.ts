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

test.each([
  [[], `received '': name one architecture of image-resize`],
  [['image-resise'], `received 'image-resise': name one architecture`],
  [['toString'], `received 'toString': name one architecture`],
  [['image-resize', 'more'], `received 'image-resize more'`],
  [['image-resize', '--stage', 'qa'], `unknown --stage 'qa': use one of sandbox, prod`],
  [['image-resize', '--max', '0'], `--max '0': use a whole number of at least 1`],
  [['image-resize', '--max', 'all'], `--max 'all': use a whole number`],
  [['image-resize', '--force'], `--force`],
])('%j is refused in one line', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
