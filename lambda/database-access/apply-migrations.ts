import { sql, type Kysely } from 'kysely';
import type { Engine } from './engine';
import { kindOf } from './failures';
import { checksumOf, MigrationError, pending } from './migration-plan';
import type { Migration } from './migrations';
import type { Tables } from './tables';

/** What a run of the migrations did, as the deployment is told. */
export interface MigrationReport {
  /** Versions that this run has applied. */
  readonly applied: readonly number[];
  /** The version that the database is at. */
  readonly version: number;
}

const historyTable: Readonly<Record<Engine, string>> = {
  postgres: `create table if not exists schema_migrations (
    version integer primary key, name varchar(200) not null, checksum char(64) not null,
    applied_at timestamptz not null default now())`,
  mysql: `create table if not exists schema_migrations (
    version int not null primary key, name varchar(200) not null, checksum char(64) not null,
    applied_at datetime(3) not null default current_timestamp(3)) engine = InnoDB`,
};

/** MySQL's words for "it is there": a run that was cut off between a change and its record has made it. */
const alreadyMade = ['ER_DUP_KEYNAME'];

/**
 * Brings the schema to the latest of the given migrations and records each.
 *
 * PostgreSQL runs all of them in one transaction, which waits for any other run and leaves nothing behind when it fails.
 * MySQL commits every change of a schema by itself, so its statements can be run again and are.
 *
 * @throws MigrationError that names the migration and carries the database's message
 */
export async function applyMigrations(
  db: Kysely<Tables>,
  engine: Engine,
  migrations: readonly Migration[],
): Promise<MigrationReport> {
  const run = (connection: Kysely<Tables>) => runAll(connection, engine, migrations);
  if (engine === 'mysql') return db.connection().execute(run);
  return db.transaction().execute(async (transaction) => {
    await sql.raw(historyTable.postgres).execute(transaction);
    // Held to the end of the transaction; an advisory lock would pin the proxy's connection.
    await sql.raw('lock table schema_migrations in exclusive mode').execute(transaction);
    return run(transaction);
  });
}

async function runAll(db: Kysely<Tables>, engine: Engine, migrations: readonly Migration[]): Promise<MigrationReport> {
  if (engine === 'mysql') await sql.raw(historyTable.mysql).execute(db);
  const recorded = await db.selectFrom('schema_migrations').select(['version', 'checksum']).execute();
  const todo = pending(migrations, recorded, engine);
  for (const migration of todo) await runOne(db, engine, migration);
  const applied = todo.map(({ version }) => version);
  return { applied, version: Math.max(0, ...recorded.map(({ version }) => version), ...applied) };
}

async function runOne(db: Kysely<Tables>, engine: Engine, migration: Migration): Promise<void> {
  const { version, name } = migration;
  try {
    for (const statement of migration.statements[engine]) await runStatement(db, engine, statement);
  } catch (error) {
    if (kindOf(error) !== 'permanent') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`migration ${version} (${name}) failed: ${reason}`, { cause: error });
  }
  const record = { version, name, checksum: checksumOf(migration, engine) };
  const insert = db.insertInto('schema_migrations').values(record);
  // Two runs at once make the same changes, and the second finds them recorded.
  await (engine === 'mysql' ? insert.onDuplicateKeyUpdate({ version }) : insert).execute();
}

async function runStatement(db: Kysely<Tables>, engine: Engine, statement: string): Promise<void> {
  try {
    await sql.raw(statement).execute(db);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (engine === 'mysql' && alreadyMade.includes(code)) return;
    throw error;
  }
}
