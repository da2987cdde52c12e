import { readOptions } from '../../../tools/new-architecture/main';

it('a name is enough', () => {
  expect(readOptions(['order-intake'])).toMatchObject({ names: { slug: 'order-intake' }, dryRun: false });
});

it('options are read', () => {
  const args = ['order-intake', '--handler', 'take-order', '--dry-run'];
  expect(readOptions(args)).toMatchObject({ names: { handler: 'take-order' }, dryRun: true });
  expect(readOptions(['--help'])).toBe('help');
});

it.each([
  [[], "received '': give one name"],
  [['order', 'intake'], "received 'order intake': give one name"],
  [['order-intake', '--force'], '--force'],
  [['OrderIntake'], "'OrderIntake' is not a valid name"],
])('%j is refused in one line', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
