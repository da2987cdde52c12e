import { sql, type Kysely } from 'kysely';
import { createHash } from 'node:crypto';
import type { Tables } from './database-schema';
import { codeOf, databaseUnavailable } from './failures';

/**
 * Longest wait for a concurrent run, in seconds. Above `max_execution_time` the server would end the wait with an error;
 * callers repeat a run that did not get the lock.
 */
const lockSeconds = 5;

/** Errors for an object that exists already: an interrupted run had executed its statement. */
const alreadyDone = ['ER_TABLE_EXISTS_ERROR', 'ER_DUP_FIELDNAME', 'ER_DUP_KEYNAME', 'ER_CANT_DROP_FIELD_OR_KEY'];

/**
 * Runs work on one connection while no other migration run does.
 *
 * A transaction cannot hold the lock, since each schema change commits. A named lock pins the connection of the proxy until
 * the function disconnects, which it does at the end of the run.
 *
 * @throws PublicError `DatabaseUnavailable` if another run has not ended in time
 */
export function withMigrationLock<T>(db: Kysely<Tables>, work: (connection: Kysely<Tables>) => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    const name = sql`concat(left(database(), 40), '.migrations')`;
    const { rows } = await sql<{ isLocked: number | null }>`
      select get_lock(${name}, ${lockSeconds}) as isLocked`.execute(connection);
    if (Number(rows[0]?.isLocked) !== 1) throw databaseUnavailable();
    try {
      return await work(connection);
    } finally {
      // A connection that is lost has released it.
      await sql`do release_lock(${name})`.execute(connection).catch(() => undefined);
    }
  });
}

export async function prepareStatementProgress(db: Kysely<Tables>): Promise<void> {
  await sql
    .raw(
      `create table if not exists schema_migration_statements (
         version int not null, statement int not null, checksum char(64) not null, is_done tinyint not null,
         primary key (version, statement)) engine = InnoDB`,
    )
    .execute(db);
}

/** Runs the statements of a migration that earlier runs have not executed. */
export async function runStatementsOnce(
  db: Kysely<Tables>,
  version: number,
  statements: readonly string[],
): Promise<void> {
  for (const [index, text] of statements.entries()) await runOnce(db, { version, statement: index + 1, text });
}

interface Step {
  readonly version: number;
  /** Counted from 1. */
  readonly statement: number;
  readonly text: string;
}

/**
 * Records a statement before and after it is executed.
 *
 * Only after an interruption the outcome is unknown; an error that says that the change exists then means that it was done.
 */
async function runOnce(db: Kysely<Tables>, { version, statement, text }: Step): Promise<void> {
  const checksum = createHash('sha256').update(text).digest('hex');
  const known = await db
    .selectFrom('schema_migration_statements')
    .select(['checksum', 'is_done'])
    .where('version', '=', version)
    .where('statement', '=', statement)
    .executeTakeFirst();
  if (known?.is_done === 1) {
    if (known.checksum === checksum) return;
    throw new Error(`statement ${statement} was changed after it was executed: restore it, and add another`);
  }
  if (known === undefined) {
    await db.insertInto('schema_migration_statements').values({ version, statement, checksum, is_done: 0 }).execute();
  }
  try {
    await sql.raw(text).execute(db);
  } catch (error) {
    const wasInterrupted = known?.checksum === checksum;
    if (!(wasInterrupted && alreadyDone.includes(codeOf(error)))) {
      // MySQL rolls back a schema change that fails; a lost connection leaves the outcome unknown, and this fails too.
      await db
        .deleteFrom('schema_migration_statements')
        .where('version', '=', version)
        .where('statement', '=', statement)
        .execute()
        .catch(() => undefined);
      throw error;
    }
  }
  await db
    .updateTable('schema_migration_statements')
    .set({ checksum, is_done: 1 })
    .where('version', '=', version)
    .where('statement', '=', statement)
    .execute();
}
