import { sql, type Kysely, type Selectable } from 'kysely';
import type { Engine, RecordsTable, Tables } from './database-schema';

export interface RecordTable {
  readonly db: Kysely<Tables>;
  readonly engine: Engine;
}

export type RecordRow = Selectable<RecordsTable>;

/**
 * Most bytes of a statement's text. RDS Proxy pins a connection to its client for a text above 16 KB; the rest is a margin.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
 */
export const mostStatementBytes = 15_000;

/** Bytes of a statement apart from its values. */
const statementFrameBytes = 200;

/** Inserts the rows whose ids are new, and returns their number. Stored rows do not change. */
export function insertNewRows(table: RecordTable, rows: readonly RecordRow[]): Promise<number> {
  return table.engine === 'postgres' ? insertArrays(table, rows) : insertAbsent(table, rows);
}

/** Returns the rows with these ids. */
export async function selectRows({ db, engine }: RecordTable, ids: readonly string[]): Promise<RecordRow[]> {
  const select = db.selectFrom('records').selectAll();
  if (engine === 'postgres') return select.where(sql<boolean>`id = any(${ids}::text[])`).execute();
  const rows: RecordRow[] = [];
  for (const some of inStatements(ids, (id) => valuesBytes([id]))) {
    rows.push(...(await select.where('id', 'in', some).execute()));
  }
  return rows;
}

/** One array a column: the text of the statement has the same length for any number of rows. */
async function insertArrays({ db }: RecordTable, rows: readonly RecordRow[]): Promise<number> {
  const column = <Name extends keyof RecordRow>(name: Name): RecordRow[Name][] => rows.map((row) => row[name]);
  const times = rows.map((row) => row.occurred_at.toISOString());
  const { numAffectedRows = 0n } = await sql`
    insert into records (id, customer_id, amount_cents, currency, occurred_at)
    select * from unnest(
      ${column('id')}::text[], ${column('customer_id')}::text[], ${column('amount_cents')}::bigint[],
      ${column('currency')}::text[], ${times}::timestamptz[]
    ) as batch (id, customer_id, amount_cents, currency, occurred_at)
    order by id
    on conflict (id) do nothing`.execute(db);
  return Number(numAffectedRows);
}

/**
 * Looks for the ids and inserts the rest. A row that another transaction inserts in between fails the statement with
 * ER_DUP_ENTRY, after which the transaction is repeated.
 *
 * INSERT IGNORE would hide other errors, such as a date out of range, and ON DUPLICATE KEY UPDATE needs the privilege to update.
 */
async function insertAbsent(table: RecordTable, rows: readonly RecordRow[]): Promise<number> {
  const ids = rows.map(({ id }) => id);
  const stored = new Set((await selectRows(table, ids)).map(({ id }) => id));
  const absent = rows.filter(({ id }) => !stored.has(id));
  for (const some of inStatements(absent, (row) => valuesBytes(Object.values(row)))) {
    await table.db.insertInto('records').values(some).execute();
  }
  return absent.length;
}

/** Divides items so that the text of each statement stays below the limit; MySQL's driver writes values into the text. */
function inStatements<Item>(items: readonly Item[], bytesOf: (item: Item) => number): Item[][] {
  const statements: Item[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const more = bytesOf(item);
    if (bytes + more > mostStatementBytes) {
      statements.push([]);
      bytes = statementFrameBytes;
    }
    statements.at(-1)?.push(item);
    bytes += more;
  }
  return statements;
}

/** Bytes of values as the driver writes them: quoted, with quotes and backslashes escaped, and with separators. */
function valuesBytes(values: readonly (string | Date)[]): number {
  const separators = '(), '.length;
  return values.reduce<number>((sum, value) => {
    const text = typeof value === 'string' ? value : value.toISOString();
    return sum + Buffer.byteLength(text) + (text.match(/['"\\]/g)?.length ?? 0) + "'', ".length;
  }, separators);
}
