import { applyMigrations } from '../../../lambda/database-access/apply-migrations';
import { migrations } from '../../../lambda/database-access/migrations';
import { checksumOf } from '../../../lambda/database-access/migration-plan';
import { noting } from './noting-database';

const recorded = (count: number, engine: 'postgres' | 'mysql') =>
  migrations.slice(0, count).map((one) => ({ version: one.version, checksum: checksumOf(one, engine) }));
const history = /select "?`?version/;

it('an empty PostgreSQL gets all migrations, one run at a time', async () => {
  const { db, asked } = noting('postgres', () => ({}));
  await expect(applyMigrations(db, 'postgres', migrations)).resolves.toEqual({ applied: [1, 2, 3], version: 3 });
  expect(asked[1]?.sql).toBe('lock table schema_migrations in exclusive mode');
  expect(asked.filter(({ sql }) => sql.startsWith('insert into "schema_migrations"'))).toHaveLength(3);
});

it('a schema that is up to date is left alone', async () => {
  const { db, asked } = noting('mysql', ({ sql }) => (history.test(sql) ? { rows: recorded(3, 'mysql') } : {}));
  await expect(applyMigrations(db, 'mysql', migrations)).resolves.toEqual({ applied: [], version: 3 });
  expect(asked).toHaveLength(2);
});

it('on MySQL what a cut-off run has made already is no error', async () => {
  const { db } = noting('mysql', ({ sql }) => {
    if (sql.startsWith('create index')) throw Object.assign(new Error('duplicate'), { code: 'ER_DUP_KEYNAME' });
    return history.test(sql) ? { rows: recorded(2, 'mysql') } : {};
  });
  await expect(applyMigrations(db, 'mysql', migrations)).resolves.toEqual({ applied: [3], version: 3 });
});

it('a failure names the migration and says what the database said', async () => {
  const { db, asked } = noting('postgres', ({ sql }) => {
    if (sql.startsWith('create index')) throw Object.assign(new Error('no such column'), { code: '42703' });
    return history.test(sql) ? { rows: recorded(2, 'postgres') } : {};
  });
  await expect(applyMigrations(db, 'postgres', migrations)).rejects.toThrow(/^migration 3 .* failed: no such column$/);
  expect(asked.filter(({ sql }) => sql.startsWith('insert'))).toEqual([]);
});

it('a connection that breaks is told as such, to be tried again', async () => {
  const { db } = noting('postgres', () => {
    throw Object.assign(new Error('gone'), { code: '57P01' });
  });
  await expect(applyMigrations(db, 'postgres', migrations)).rejects.toMatchObject({ code: '57P01' });
});
