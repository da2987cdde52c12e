import { checksumOf, digestOf, MigrationError, pending } from '../../../lambda/database-access/migration-plan';
import type { Migration } from '../../../lambda/database-access/migrations';

const made: Migration[] = [1, 2, 3].map((version) => ({
  version,
  name: `step ${version}`,
  statements: { postgres: [`select ${version}`], mysql: [`do ${version}`] },
}));
const recorded = (count: number, engine: 'postgres' | 'mysql' = 'postgres') =>
  made.slice(0, count).map((one) => ({ version: one.version, checksum: checksumOf(one, engine) }));
const versions = (migrations: readonly Migration[]) => migrations.map(({ version }) => version);

it.each([
  [0, [1, 2, 3]],
  [1, [2, 3]],
  [3, []],
])('from version %i the migrations %j are run', (count, expected) => {
  expect(versions(pending(made, recorded(count), 'postgres'))).toEqual(expected);
});

it('they are run in the order of their versions, however they are listed', () => {
  expect(versions(pending([...made].reverse(), [], 'mysql'))).toEqual([1, 2, 3]);
});

it('a database that is ahead of the code is left as it is', () => {
  expect(pending(made.slice(0, 2), recorded(3), 'postgres')).toEqual([]);
});

it('a migration that was changed afterwards is refused, with the fix', () => {
  const changed = made.map((one) =>
    one.version === 2 ? { ...one, statements: { postgres: ['select 9'], mysql: ['do 2'] } } : one,
  );
  expect(() => pending(changed, recorded(3), 'postgres')).toThrow(MigrationError);
  expect(() => pending(changed, recorded(3), 'postgres')).toThrow(/migration 2 .* add another/);
  expect(pending(changed, recorded(3, 'mysql'), 'mysql')).toEqual([]);
});

it('a migration that was put between others is refused', () => {
  const [first, , third] = recorded(3);
  expect(() => pending(made, [first!, third!], 'postgres')).toThrow(/migration 2 .* number it 4/);
});

it('a deployment migrates when a statement of either engine has changed', () => {
  const other = made.map((one) => ({ ...one, statements: { ...one.statements, mysql: ['do 0'] } }));
  expect(digestOf(made)).not.toBe(digestOf(other));
  expect(digestOf(made)).toBe(digestOf(structuredClone(made)));
});
