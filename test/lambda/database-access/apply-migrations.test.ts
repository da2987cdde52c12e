import { applyMigrations } from '../../../lambda/database-access/apply-migrations';
import { migrations } from '../../../lambda/database-access/migrations';
import { checksumOf } from '../../../lambda/database-access/migration-plan';
import { recordingDatabase } from './recording-database';

const recorded = (count: number, engine: 'postgres' | 'mysql') =>
  migrations.slice(0, count).map((one) => ({ version: one.version, checksum: checksumOf(one, engine) }));
const history = /select "?`?version/;

it('applies all migrations to an empty PostgreSQL, one run at a time', async () => {
  const { db, queries } = recordingDatabase('postgres', () => ({}));
  await expect(applyMigrations({ db, engine: 'postgres' }, migrations)).resolves.toEqual({
    applied: [1, 2, 3],
    version: 3,
  });
  expect(queries[1]?.sql).toBe('lock table schema_migrations in exclusive mode');
  expect(queries.filter(({ sql }) => sql.startsWith('insert into "schema_migrations"'))).toHaveLength(3);
});

it('leaves an up-to-date schema unchanged', async () => {
  const { db, queries } = recordingDatabase('mysql', ({ sql }) =>
    history.test(sql) ? { rows: recorded(3, 'mysql') } : {},
  );
  await expect(applyMigrations({ db, engine: 'mysql' }, migrations)).resolves.toEqual({ applied: [], version: 3 });
  expect(queries).toHaveLength(2);
});

it('accepts an index that an interrupted run has created on MySQL', async () => {
  const { db } = recordingDatabase('mysql', ({ sql }) => {
    if (sql.startsWith('create index')) throw Object.assign(new Error('duplicate'), { code: 'ER_DUP_KEYNAME' });
    return history.test(sql) ? { rows: recorded(2, 'mysql') } : {};
  });
  await expect(applyMigrations({ db, engine: 'mysql' }, migrations)).resolves.toEqual({ applied: [3], version: 3 });
});

it('names the failed migration and includes the message of the database', async () => {
  const { db, queries } = recordingDatabase('postgres', ({ sql }) => {
    if (sql.startsWith('create index')) throw Object.assign(new Error('no such column'), { code: '42703' });
    return history.test(sql) ? { rows: recorded(2, 'postgres') } : {};
  });
  await expect(applyMigrations({ db, engine: 'postgres' }, migrations)).rejects.toThrow(
    /^migration 3 .* failed: no such column$/,
  );
  expect(queries.filter(({ sql }) => sql.startsWith('insert'))).toEqual([]);
});

it('passes on the error of a broken connection, to be retried', async () => {
  const { db } = recordingDatabase('postgres', () => {
    throw Object.assign(new Error('gone'), { code: '57P01' });
  });
  await expect(applyMigrations({ db, engine: 'postgres' }, migrations)).rejects.toMatchObject({ code: '57P01' });
});
