import { architectures } from '../../../lib/architectures';
import scenario from '../../../scenarios/image-resize';
import { UsageError } from '../../../operations/command-line/command';
import { checksOf, readOptions } from '../../../tools/account/command-line';

it('one architecture is named; by default everything is asked for and removed', () => {
  expect(readOptions(['image-resize', '--seed', '7'], architectures)).toMatchObject({
    ...{ yes: false, keep: false, destroy: false, only: [], seed: 7, profile: undefined, app: undefined },
    architecture: { slug: 'image-resize' },
  });
  expect(readOptions(['-h'], architectures)).toBe('help');
});

it.each([
  [[], "received '': name one architecture of image-resize, "],
  [['photos'], "received 'photos': name one architecture"],
  [['image-resize', 'queue-processor'], "received 'image-resize queue-processor': name one"],
  [['image-resize', '--keep', '--destroy'], '--keep and --destroy exclude each other'],
  [['image-resize', '--seed', 'x'], '--seed x'],
  [['image-resize', '--force'], '--force'],
])('%j is wrong usage', (args, message) => {
  expect(() => readOptions(args, architectures)).toThrow(message);
  expect(() => readOptions(args, architectures)).toThrow(UsageError);
});

it('proofs that inject faults are left out and counted', () => {
  const { checks, leftOut } = checksOf(scenario, []);
  expect(checks[0]).toMatchObject({ kind: 'smoke-test' });
  expect(checks.every(({ check }) => check.needs === undefined)).toBe(true);
  expect(checks.length + leftOut).toBe(scenario.proofs.length + 1);
  expect(leftOut).toBeGreaterThan(0);
});

it('--only takes a check that an account can run', () => {
  expect(checksOf(scenario, ['formats']).checks.map(({ check }) => check.name)).toEqual(['formats']);
  expect(() => checksOf(scenario, ['killed-workers'])).toThrow('--only killed-workers: an account cannot run it');
});
