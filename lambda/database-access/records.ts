import { formatAmount } from './amounts';
import { insertNewRows, selectRows, type RecordRow, type RecordTable } from './record-table';

/** One amount that a customer was charged. The first content received for an id is kept. */
export interface PaymentRecord {
  readonly id: string;
  readonly customerId: string;
  /** Amount in the currency's smallest unit: cents, yen, fils. */
  readonly minorUnits: bigint;
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
  /** Exact totals by currency: `{ "EUR": "12.50", "JPY": "1250" }`. */
  readonly totals: Readonly<Record<string, string>>;
}

/** Whether two records have equal values, whatever their spelling: `12.5` equals `12.50`. */
export function isSameRecord(one: PaymentRecord, other: PaymentRecord): boolean {
  return (
    one.id === other.id &&
    one.customerId === other.customerId &&
    one.minorUnits === other.minorUnits &&
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

/**
 * Inserts the records whose ids are new, in one transaction, and reports the outcome of the batch.
 *
 * Safe to repeat after any failure: stored records never change, and records that an earlier attempt committed count as
 * duplicates.
 */
export async function ingestRecords(
  { db, engine }: RecordTable,
  records: readonly PaymentRecord[],
): Promise<IngestAnswer> {
  const rows = firstOfEachId(records).map(toRow);
  return db.transaction().execute(async (transaction) => {
    const table = { db: transaction, engine };
    const inserted = await insertNewRows(table, rows);
    const ids = rows.map(({ id }) => id);
    const stored = await selectRows(table, ids);
    return classify(records, stored.map(toRecord), inserted);
  });
}

/** Sums a customer's amounts by currency; `from` is inclusive, `to` is exclusive. */
export async function sumRecords(
  { db }: Pick<RecordTable, 'db'>,
  range: { readonly customerId: string; readonly from: Date; readonly to: Date },
): Promise<TotalsAnswer> {
  const rows = await db
    .selectFrom('records')
    .select(({ fn }) => ['currency', fn.sum<string>('amount_cents').as('total')])
    .where('customer_id', '=', range.customerId)
    .where('occurred_at', '>=', range.from)
    .where('occurred_at', '<', range.to)
    .groupBy('currency')
    .orderBy('currency')
    .execute();
  return {
    totals: Object.fromEntries(rows.map(({ currency, total }) => [currency, formatAmount(BigInt(total), currency)])),
  };
}

function toRow({ id, customerId, minorUnits, currency, occurredAt }: PaymentRecord): RecordRow {
  return { id, customer_id: customerId, amount_cents: String(minorUnits), currency, occurred_at: occurredAt };
}

function toRecord(row: RecordRow): PaymentRecord {
  const { id, customer_id: customerId, amount_cents: amount, currency, occurred_at: occurredAt } = row;
  return { id, customerId, minorUnits: BigInt(amount), currency, occurredAt };
}
