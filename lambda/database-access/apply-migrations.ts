import { sql, type Kysely } from 'kysely';
import type { Engine, Tables } from './database-schema';
import { classifyError, codeOf } from './failures';
import { checksumOf, MigrationError, pendingMigrations } from './migration-plan';
import type { Migration } from './migrations';
import { prepareStatementProgress, runStatementsOnce, withMigrationLock } from './mysql-migrations';

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

export interface MigrationTarget {
  readonly db: Kysely<Tables>;
  readonly engine: Engine;
}

/**
 * Brings the schema to the latest of the given migrations and records each one. Concurrent runs wait for each other.
 *
 * PostgreSQL runs all of them in one transaction, which leaves nothing behind when it fails. MySQL commits each schema change
 * by itself: a failed migration continues at the statement that failed.
 *
 * @throws MigrationError that names the migration and includes the database's message
 */
export async function applyMigrations(
  { db, engine }: MigrationTarget,
  migrations: readonly Migration[],
): Promise<MigrationReport> {
  if (engine === 'mysql') {
    return withMigrationLock(db, async (connection) => {
      await sql.raw(historyTable.mysql).execute(connection);
      await prepareStatementProgress(connection);
      return runPending(connection, engine, migrations);
    });
  }
  await createPostgresHistory(db);
  return db.transaction().execute(async (transaction) => {
    // Held until the transaction ends; an advisory lock would pin the proxy's connection.
    await sql.raw('lock table schema_migrations in exclusive mode').execute(transaction);
    return runPending(transaction, engine, migrations);
  });
}

/**
 * Codes of a CREATE TABLE IF NOT EXISTS that loses against another one: a row of a system catalog, a table, or the table's
 * row type (duplicate_object) exists by now. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const createdAtOnce = new Set(['23505', '42P07', '42710']);

/**
 * Creates the table before the transaction that locks it.
 *
 * Of two runs that create it at once, one can fail: IF NOT EXISTS does not prevent that.
 * https://www.postgresql.org/message-id/CA+TgmoZAdYVtwBfp1FL2sMZbiHCWT4UPrzRLNnX1Nb30Ku3-gg@mail.gmail.com
 */
async function createPostgresHistory(db: Kysely<Tables>): Promise<void> {
  try {
    await sql.raw(historyTable.postgres).execute(db);
  } catch (error) {
    if (!createdAtOnce.has(codeOf(error))) throw error;
  }
}

async function runPending(
  db: Kysely<Tables>,
  engine: Engine,
  migrations: readonly Migration[],
): Promise<MigrationReport> {
  const recorded = await db.selectFrom('schema_migrations').select(['version', 'checksum']).execute();
  const pending = pendingMigrations(migrations, recorded, engine);
  for (const migration of pending) {
    await runMigration(db, engine, migration);
    const { version, name } = migration;
    const record = { version, name, checksum: checksumOf(migration, engine) };
    await db.insertInto('schema_migrations').values(record).execute();
  }
  const applied = pending.map(({ version }) => version);
  return { applied, version: Math.max(0, ...recorded.map(({ version }) => version), ...applied) };
}

async function runMigration(db: Kysely<Tables>, engine: Engine, migration: Migration): Promise<void> {
  const { version, name } = migration;
  const statements = migration.statements[engine];
  try {
    if (engine === 'mysql') await runStatementsOnce(db, version, statements);
    else for (const statement of statements) await sql.raw(statement).execute(db);
  } catch (error) {
    if (classifyError(error) !== 'permanent') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`migration ${version} (${name}) failed: ${reason}`, { cause: error });
  }
}
