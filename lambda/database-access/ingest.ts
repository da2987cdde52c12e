import { saysTheSame, type PaymentRecord } from './record';
import type { IngestAnswer } from './request';

/**
 * The first record of each id, in the order of ids: two batches at once take their rows in the same order, and so never
 * wait for each other in a circle.
 */
export function distinct(records: readonly PaymentRecord[]): PaymentRecord[] {
  const first = new Map<string, PaymentRecord>();
  for (const record of records) if (!first.has(record.id)) first.set(record.id, record);
  return [...first.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/**
 * What became of the records of a batch.
 *
 * @param stored what is there under their ids, after those were inserted that were not there
 * @param inserted how many were
 */
export function judge(
  records: readonly PaymentRecord[],
  stored: readonly PaymentRecord[],
  inserted: number,
): IngestAnswer {
  const byId = new Map(stored.map((record) => [record.id, record]));
  const conflicting = records.filter((record) => {
    const found = byId.get(record.id);
    if (found === undefined) throw new Error('a record that was inserted or found is not there: is the table changed?');
    return !saysTheSame(record, found);
  });
  const conflicts = [...new Set(conflicting.map(({ id }) => id))].sort();
  return { inserted, duplicates: records.length - conflicting.length - inserted, conflicts };
}
