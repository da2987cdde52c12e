import type { ColumnType, Generated } from 'kysely';

/** 64-bit integers are text in both drivers: a number would round them. */
type Cents = ColumnType<string, string, never>;

export interface RecordsTable {
  id: string;
  customer_id: string;
  amount_cents: Cents;
  currency: string;
  occurred_at: ColumnType<Date, Date, never>;
}

export interface MigrationsTable {
  version: number;
  name: string;
  /** Of what was run, so that a migration that was changed afterwards is found. */
  checksum: string;
  applied_at: Generated<Date>;
}

/** The tables as the latest migration leaves them. */
export interface Tables {
  records: RecordsTable;
  schema_migrations: MigrationsTable;
}
