import type { Kysely } from 'kysely';
import { distinct, judge } from './ingest';
import { decimalOf } from './money';
import type { Engine } from './engine';
import type { PaymentRecord } from './record';
import type { IngestAnswer, TotalsAnswer } from './request';
import type { Tables } from './tables';

/**
 * Inserts the records that are not there, in one transaction, and tells what became of each.
 *
 * Sent again after a failure it changes nothing that is there, so it may be: what an attempt has committed before its
 * connection broke then counts as duplicate.
 */
export async function ingest(
  db: Kysely<Tables>,
  engine: Engine,
  records: readonly PaymentRecord[],
): Promise<IngestAnswer> {
  const rows = distinct(records).map(({ id, customerId, cents, currency, occurredAt }) => ({
    id,
    customer_id: customerId,
    amount_cents: String(cents),
    currency,
    occurred_at: occurredAt,
  }));
  const ids = rows.map(({ id }) => id);
  return db.transaction().execute(async (transaction) => {
    const insert = transaction.insertInto('records').values(rows);
    const absent =
      engine === 'postgres'
        ? insert.onConflict((conflict) => conflict.column('id').doNothing())
        : // It turns other errors into warnings too; `judge` finds a row that is missing, or is not what was sent.
          insert.ignore();
    const { numInsertedOrUpdatedRows = 0n } = await absent.executeTakeFirst();
    const stored = await transaction.selectFrom('records').selectAll().where('id', 'in', ids).execute();
    return judge(records, stored.map(recordOf), Number(numInsertedOrUpdatedRows));
  });
}

/** The sums of a customer's amounts, by currency, from one moment up to and without another. */
export async function totals(
  db: Kysely<Tables>,
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
  return { totals: Object.fromEntries(rows.map(({ currency, cents }) => [currency, decimalOf(BigInt(cents))])) };
}

function recordOf(row: {
  id: string;
  customer_id: string;
  amount_cents: string;
  currency: string;
  occurred_at: Date;
}): PaymentRecord {
  const { id, customer_id: customerId, amount_cents: cents, currency, occurred_at: occurredAt } = row;
  return { id, customerId, cents: BigInt(cents), currency, occurredAt };
}
