import { sql, type Kysely } from 'kysely';
import type { Engine, Tables } from './database-schema';
import { classifyError } from './failures';
import { checksumOf, MigrationError, pendingMigrations } from './migration-plan';
import type { Migration } from './migrations';

/** Result of a migration run. */
export interface MigrationReport {
  /** Versions that this run applied. */
  readonly applied: readonly number[];
  /** Version of the schema after the run. */
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

/** MySQL errors for an object that exists: an interrupted run has created it without recording the migration. */
const alreadyExists = ['ER_DUP_KEYNAME'];

export interface MigrationTarget {
  readonly db: Kysely<Tables>;
  readonly engine: Engine;
}

/**
 * Brings the schema to the latest of the given migrations and records each one.
 *
 * PostgreSQL runs all of them in one transaction, which waits for a concurrent run and leaves nothing behind when it
 * fails. MySQL commits each schema change by itself, so its statements must be repeatable.
 *
 * @throws MigrationError that names the migration and includes the database's message
 */
export async function applyMigrations(
  { db, engine }: MigrationTarget,
  migrations: readonly Migration[],
): Promise<MigrationReport> {
  const run = (connection: Kysely<Tables>) => runAll(connection, engine, migrations);
  if (engine === 'mysql') return db.connection().execute(run);
  return db.transaction().execute(async (transaction) => {
    await sql.raw(historyTable.postgres).execute(transaction);
    // Held until the transaction ends; an advisory lock would pin the proxy's connection.
    await sql.raw('lock table schema_migrations in exclusive mode').execute(transaction);
    return run(transaction);
  });
}

async function runAll(db: Kysely<Tables>, engine: Engine, migrations: readonly Migration[]): Promise<MigrationReport> {
  if (engine === 'mysql') await sql.raw(historyTable.mysql).execute(db);
  const recorded = await db.selectFrom('schema_migrations').select(['version', 'checksum']).execute();
  const todo = pendingMigrations(migrations, recorded, engine);
  for (const migration of todo) await runOne(db, engine, migration);
  const applied = todo.map(({ version }) => version);
  return { applied, version: Math.max(0, ...recorded.map(({ version }) => version), ...applied) };
}

async function runOne(db: Kysely<Tables>, engine: Engine, migration: Migration): Promise<void> {
  const { version, name } = migration;
  try {
    for (const statement of migration.statements[engine]) await runStatement(db, engine, statement);
  } catch (error) {
    if (classifyError(error) !== 'permanent') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`migration ${version} (${name}) failed: ${reason}`, { cause: error });
  }
  const record = { version, name, checksum: checksumOf(migration, engine) };
  const insert = db.insertInto('schema_migrations').values(record);
  // Of two concurrent runs, the second finds the migration recorded.
  await (engine === 'mysql' ? insert.onDuplicateKeyUpdate({ version }) : insert).execute();
}

async function runStatement(db: Kysely<Tables>, engine: Engine, statement: string): Promise<void> {
  try {
    await sql.raw(statement).execute(db);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (engine === 'mysql' && alreadyExists.includes(code)) return;
    throw error;
  }
}
