import type { ColumnType, Generated } from 'kysely';

/** Database engines that the same code supports. */
export const engines = ['postgres', 'mysql'] as const;
export type Engine = (typeof engines)[number];

/** Port that RDS Proxy listens on for each engine; it cannot be chosen. */
export const enginePorts: Readonly<Record<Engine, number>> = { postgres: 5432, mysql: 3306 };

export const databaseName = 'app';

/** Owner of the schema; only migrations run as this user. */
export const ownerUser = 'app_owner';

/** User of `DataProcessor`; may select and insert records, and nothing else. */
export const processorUser = 'data_processor';

/** Longest time the server allows a statement of the processor user; the function waits longer for an answer. */
export const statementSeconds = 8;

/**
 * Longest wait for a lock. Below `statementSeconds`, so that a statement that waits for another transaction, which may be
 * repeated, ends with another error than one that is too slow, which may not.
 */
export const lockWaitSeconds = 4;

export interface RecordsTable {
  id: string;
  customer_id: string;
  /**
   * Minor units of the currency, cents or others. A string, as both drivers return 64-bit integers: a JavaScript number would
   * round them.
   */
  amount_cents: ColumnType<string, string, never>;
  currency: string;
  occurred_at: ColumnType<Date, Date, never>;
}

export interface MigrationsTable {
  version: number;
  name: string;
  /** SHA-256 of the statements that ran, to detect a migration that was changed afterwards. */
  checksum: string;
  applied_at: Generated<Date>;
}

/** MySQL commits each schema change by itself, so the progress of a migration is recorded by statement. */
export interface MigrationStatementsTable {
  version: number;
  /** Counted from 1. */
  statement: number;
  checksum: string;
  /** 0 while the statement runs; still 0 in a later run if the earlier one was interrupted. */
  is_done: number;
}

/** Tables after the latest migration. */
export interface Tables {
  records: RecordsTable;
  schema_migrations: MigrationsTable;
  /** On MySQL only. */
  schema_migration_statements: MigrationStatementsTable;
}
