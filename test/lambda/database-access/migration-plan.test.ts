import {
  checksumOf,
  digestOf,
  MigrationError,
  pendingMigrations,
} from '../../../lambda/database-access/migration-plan';
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
])('runs the migrations after version %i: %j', (count, expected) => {
  expect(versions(pendingMigrations(made, recorded(count), 'postgres'))).toEqual(expected);
});

it('runs migrations in the order of their versions, whatever the order of the list', () => {
  expect(versions(pendingMigrations([...made].reverse(), [], 'mysql'))).toEqual([1, 2, 3]);
});

it('leaves a database that is ahead of the code unchanged', () => {
  expect(pendingMigrations(made.slice(0, 2), recorded(3), 'postgres')).toEqual([]);
});

it('refuses an applied migration that was changed, and names the fix', () => {
  const changed = made.map((one) =>
    one.version === 2 ? { ...one, statements: { postgres: ['select 9'], mysql: ['do 2'] } } : one,
  );
  expect(() => pendingMigrations(changed, recorded(3), 'postgres')).toThrow(MigrationError);
  expect(() => pendingMigrations(changed, recorded(3), 'postgres')).toThrow(/migration 2 .* add another/);
  expect(pendingMigrations(changed, recorded(3, 'mysql'), 'mysql')).toEqual([]);
});

it.each([1, 2, 3])('notices a change of migration %i when three are applied', (version) => {
  const changed = made.map((one) =>
    one.version === version ? { ...one, statements: { postgres: ['x'], mysql: [] } } : one,
  );
  expect(() => pendingMigrations(changed, recorded(3), 'postgres')).toThrow(`migration ${version} `);
});

it('refuses a migration that was inserted between applied ones', () => {
  const [first, , third] = recorded(3);
  expect(() => pendingMigrations(made, [first!, third!], 'postgres')).toThrow(/migration 2 .* number it 4/);
});

it('the digest changes with a statement of either engine', () => {
  const other = made.map((one) => ({ ...one, statements: { ...one.statements, mysql: ['do 0'] } }));
  expect(digestOf(made)).not.toBe(digestOf(other));
  expect(digestOf(made)).toBe(digestOf(structuredClone(made)));
});
