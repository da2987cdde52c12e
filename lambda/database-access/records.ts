import type { Kysely } from 'kysely';
import { formatCents } from './amounts';
import type { Engine, Tables } from './database-schema';

/** One amount that a customer was charged. The first content received for an id is kept. */
export interface PaymentRecord {
  readonly id: string;
  readonly customerId: string;
  readonly cents: bigint;
  /** ISO 4217. */
  readonly currency: string;
  /** Millisecond precision. */
  readonly occurredAt: Date;
}

export interface IngestAnswer {
  readonly inserted: number;
  /** Number of records that were already stored with the same content. */
  readonly duplicates: number;
  /** Ids that were already stored with different content, which is kept. */
  readonly conflicts: readonly string[];
}

export interface TotalsAnswer {
  /** Totals by currency, exact to the cent: `{ "EUR": "12.50" }`. */
  readonly totals: Readonly<Record<string, string>>;
}

/** Whether two records have equal values, whatever their spelling: `12.5` equals `12.50`. */
export function isSameRecord(one: PaymentRecord, other: PaymentRecord): boolean {
  return (
    one.id === other.id &&
    one.customerId === other.customerId &&
    one.cents === other.cents &&
    one.currency === other.currency &&
    one.occurredAt.getTime() === other.occurredAt.getTime()
  );
}

/**
 * Returns the first record of each id, sorted by id: concurrent batches lock their rows in the same order and cannot
 * deadlock.
 */
export function firstOfEachId(records: readonly PaymentRecord[]): PaymentRecord[] {
  const first = new Map<string, PaymentRecord>();
  for (const record of records) if (!first.has(record.id)) first.set(record.id, record);
  return [...first.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/**
 * Classifies the records of a batch as inserted, duplicate or conflicting.
 *
 * @param stored the rows of their ids after the insert
 * @param inserted the number of rows that the insert added
 */
export function classify(
  records: readonly PaymentRecord[],
  stored: readonly PaymentRecord[],
  inserted: number,
): IngestAnswer {
  const byId = new Map(stored.map((record) => [record.id, record]));
  const conflicting = records.filter((record) => {
    const found = byId.get(record.id);
    if (found === undefined) throw new Error('a record is missing after its insert: was the table changed by hand?');
    return !isSameRecord(record, found);
  });
  const conflicts = [...new Set(conflicting.map(({ id }) => id))].sort();
  return { inserted, duplicates: records.length - conflicting.length - inserted, conflicts };
}

export interface RecordsTarget {
  readonly db: Kysely<Tables>;
  readonly engine: Engine;
}

/**
 * Inserts the records whose ids are new, in one transaction, and reports the outcome of the batch.
 *
 * Safe to repeat after any failure: stored records never change, and records that an earlier attempt committed count as
 * duplicates.
 */
export async function ingestRecords(
  { db, engine }: RecordsTarget,
  records: readonly PaymentRecord[],
): Promise<IngestAnswer> {
  const rows = firstOfEachId(records).map(({ id, customerId, cents, currency, occurredAt }) => ({
    id,
    customer_id: customerId,
    amount_cents: String(cents),
    currency,
    occurred_at: occurredAt,
  }));
  const ids = rows.map(({ id }) => id);
  return db.transaction().execute(async (transaction) => {
    const insert = transaction.insertInto('records').values(rows);
    const newRows =
      engine === 'postgres'
        ? insert.onConflict((conflict) => conflict.column('id').doNothing())
        : // INSERT IGNORE also turns other errors into warnings; `classify` detects a missing or altered row.
          insert.ignore();
    const { numInsertedOrUpdatedRows = 0n } = await newRows.executeTakeFirst();
    const stored = await transaction.selectFrom('records').selectAll().where('id', 'in', ids).execute();
    return classify(records, stored.map(toRecord), Number(numInsertedOrUpdatedRows));
  });
}

/** Sums a customer's amounts by currency; `from` is inclusive, `to` is exclusive. */
export async function sumRecords(
  { db }: Pick<RecordsTarget, 'db'>,
  range: { readonly customerId: string; readonly from: Date; readonly to: Date },
): Promise<TotalsAnswer> {
  const rows = await db
    .selectFrom('records')
    .select(({ fn }) => ['currency', fn.sum<string>('amount_cents').as('cents')])
    .where('customer_id', '=', range.customerId)
    .where('occurred_at', '>=', range.from)
    .where('occurred_at', '<', range.to)
    .groupBy('currency')
    .orderBy('currency')
    .execute();
  return { totals: Object.fromEntries(rows.map(({ currency, cents }) => [currency, formatCents(BigInt(cents))])) };
}

function toRecord(row: {
  id: string;
  customer_id: string;
  amount_cents: string;
  currency: string;
  occurred_at: Date;
}): PaymentRecord {
  const { id, customer_id: customerId, amount_cents: cents, currency, occurred_at: occurredAt } = row;
  return { id, customerId, cents: BigInt(cents), currency, occurredAt };
}
