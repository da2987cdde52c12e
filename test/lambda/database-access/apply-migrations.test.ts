import type { CompiledQuery, QueryResult } from 'kysely';
import { applyMigrations } from '../../../lambda/database-access/apply-migrations';
import { migrations, type Migration } from '../../../lambda/database-access/migrations';
import { checksumOf } from '../../../lambda/database-access/migration-plan';
import { recordingDatabase } from './recording-database';

const latest = migrations.length;
const recorded = (count: number, engine: 'postgres' | 'mysql') =>
  migrations.slice(0, count).map((one) => ({ version: one.version, checksum: checksumOf(one, engine) }));
const history = /^select "?`?version/;
const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('on PostgreSQL', () => {
  const target = (answer: Parameters<typeof recordingDatabase>[1]) => {
    const { db, queries } = recordingDatabase('postgres', answer);
    return { target: { db, engine: 'postgres' as const }, queries };
  };

  it('applies all migrations to an empty database, one run at a time', async () => {
    const { target: empty, queries } = target(() => ({}));
    const applied = migrations.map(({ version }) => version);
    await expect(applyMigrations(empty, migrations)).resolves.toEqual({ applied, version: latest });
    expect(queries[1]?.sql).toBe('lock table schema_migrations in exclusive mode');
    expect(queries.filter(({ sql }) => sql.startsWith('insert into "schema_migrations"'))).toHaveLength(latest);
  });

  it.each(['23505', '42P07', '42710'])(
    'continues when a concurrent run created the history first (%s)',
    async (code) => {
      const { target: empty } = target(({ sql }) => {
        if (sql.startsWith('create table if not exists schema_migrations')) throw coded(code);
        return {};
      });
      await expect(applyMigrations(empty, migrations)).resolves.toMatchObject({ version: latest });
    },
  );

  it('fails when the history cannot be created', async () => {
    const { target: refusing } = target(({ sql }) => {
      if (sql.startsWith('create table if not exists schema_migrations')) throw coded('42501', 'permission denied');
      return {};
    });
    await expect(applyMigrations(refusing, migrations)).rejects.toThrow('permission denied');
  });

  it('names the failed migration and includes the message of the database', async () => {
    const { target: failing, queries } = target(({ sql }) => {
      if (sql.startsWith('create index')) throw coded('42703', 'no such column');
      return history.test(sql) ? { rows: recorded(2, 'postgres') } : {};
    });
    await expect(applyMigrations(failing, migrations)).rejects.toThrow(/^migration 3 .* failed: no such column$/);
    expect(queries.filter(({ sql }) => sql.startsWith('insert'))).toEqual([]);
  });

  it('passes on the error of a broken connection, to be retried', async () => {
    const { target: broken } = target(() => {
      throw coded('57P01');
    });
    await expect(applyMigrations(broken, migrations)).rejects.toMatchObject({ code: '57P01' });
  });
});

describe('on MySQL', () => {
  interface Progress {
    checksum: string;
    is_done: number;
  }
  const twoSteps: Migration = {
    version: 1,
    name: 'two steps',
    statements: { postgres: [], mysql: ['alter table a add b int', 'alter table a add c int'] },
  };

  /** A server that keeps the progress of statements, and fails at a given statement. */
  function server(failures: Readonly<Record<string, () => Error | undefined>> = {}, isLocked = 1) {
    const progress = new Map<string, Progress>();
    const ran: string[] = [];
    const connection = { isLost: false };
    const answer = ({ sql, parameters }: CompiledQuery): Partial<QueryResult<Record<string, unknown>>> => {
      if (connection.isLost) throw coded('ECONNRESET');
      if (sql.includes('get_lock')) return { rows: [{ isLocked }] };
      if (sql.startsWith('alter')) {
        const failure = failures[sql]?.();
        if (failure !== undefined) throw failure;
        ran.push(sql);
      }
      if (!sql.includes('`schema_migration_statements`')) return {};
      const key = String(parameters.slice(sql.startsWith('update') ? 2 : 0).slice(0, 2));
      if (sql.startsWith('select')) return { rows: progress.has(key) ? [{ ...progress.get(key) }] : [] };
      if (sql.startsWith('insert')) progress.set(key, { checksum: String(parameters[2]), is_done: 0 });
      if (sql.startsWith('update'))
        progress.set(key, { checksum: String(parameters[0]), is_done: Number(parameters[1]) });
      if (sql.startsWith('delete')) progress.delete(key);
      return {};
    };
    const { db, queries } = recordingDatabase('mysql', answer);
    return { target: { db, engine: 'mysql' as const }, ran, queries, connection };
  }

  it('leaves an up-to-date schema unchanged', async () => {
    const { db, queries } = recordingDatabase('mysql', ({ sql }) =>
      sql.includes('get_lock')
        ? { rows: [{ isLocked: 1 }] }
        : history.test(sql)
          ? { rows: recorded(latest, 'mysql') }
          : {},
    );
    await expect(applyMigrations({ db, engine: 'mysql' }, migrations)).resolves.toEqual({
      applied: [],
      version: latest,
    });
    expect(queries.filter(({ sql }) => /^(insert|update|delete|alter)/.test(sql))).toEqual([]);
    expect(queries.at(-1)?.sql).toContain('release_lock');
  });

  it('continues at the statement that failed, once it is corrected', async () => {
    let isBroken = true;
    const [first, second] = twoSteps.statements.mysql;
    const { target, ran } = server({ [second!]: () => (isBroken ? coded('ER_BAD_FIELD_ERROR', 'broken') : undefined) });
    await expect(applyMigrations(target, [twoSteps])).rejects.toThrow('migration 1 (two steps) failed: broken');
    await expect(applyMigrations(target, [twoSteps])).rejects.toThrow('broken');
    isBroken = false;
    await expect(applyMigrations(target, [twoSteps])).resolves.toEqual({ applied: [1], version: 1 });
    expect(ran).toEqual([first, second]);
  });

  it('executes each statement once, however often it runs', async () => {
    const { target, ran } = server();
    for (let count = 0; count < 2; count++) await applyMigrations(target, [twoSteps]);
    expect(ran).toEqual(twoSteps.statements.mysql);
  });

  it('refuses a statement that was changed after it was executed', async () => {
    const [first, second] = twoSteps.statements.mysql;
    const { target } = server({ [second!]: () => coded('ER_BAD_FIELD_ERROR', 'broken') });
    await expect(applyMigrations(target, [twoSteps])).rejects.toThrow('broken');
    const changed = { ...twoSteps, statements: { postgres: [], mysql: [`${first} not null`, second!] } };
    await expect(applyMigrations(target, [changed])).rejects.toThrow('statement 1 was changed after it was executed');
  });

  it('accepts that a statement was executed when the run before was interrupted', async () => {
    const [first] = twoSteps.statements.mysql;
    let starts = 0;
    const { target, connection } = server({
      [first!]: () => {
        starts += 1;
        // The first run executes it, and does not hear of that.
        if (starts === 1) connection.isLost = true;
        return starts === 1 ? coded('ECONNRESET') : coded('ER_DUP_FIELDNAME');
      },
    });
    await expect(applyMigrations(target, [twoSteps])).rejects.toMatchObject({ code: 'ECONNRESET' });
    connection.isLost = false;
    await expect(applyMigrations(target, [twoSteps])).resolves.toEqual({ applied: [1], version: 1 });
    expect(starts).toBe(2);
  });

  it('fails on any other error when the run before was interrupted', async () => {
    const [first] = twoSteps.statements.mysql;
    let starts = 0;
    const { target, connection } = server({
      [first!]: () => {
        starts += 1;
        if (starts === 1) connection.isLost = true;
        return starts === 1 ? coded('ECONNRESET') : coded('ER_BAD_FIELD_ERROR', 'broken');
      },
    });
    await expect(applyMigrations(target, [twoSteps])).rejects.toMatchObject({ code: 'ECONNRESET' });
    connection.isLost = false;
    await expect(applyMigrations(target, [twoSteps])).rejects.toThrow('broken');
  });

  it('fails on an object that exists when no run was interrupted', async () => {
    const [first] = twoSteps.statements.mysql;
    const { target } = server({ [first!]: () => coded('ER_DUP_FIELDNAME', 'Duplicate column name') });
    await expect(applyMigrations(target, [twoSteps])).rejects.toThrow('Duplicate column name');
  });

  it('is to be repeated while another run holds the lock', async () => {
    const { target, ran } = server({}, 0);
    await expect(applyMigrations(target, [twoSteps])).rejects.toMatchObject({ name: 'DatabaseUnavailable' });
    expect(ran).toEqual([]);
  });
});
