import type { ScenarioRun } from '../shared/scenario';
import type { SentRecord } from './deployment';

/** Day of all records in scenarios. */
export const day = { from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z' };
const start = Date.parse(day.from);
const currencies = ['EUR', 'USD', 'GBP'];

/** Returns records spread over customers, currencies and the day, with amounts up to 10,000 and random cents. */
export function makeRecords(run: ScenarioRun, count: number, customers: number, prefix = 'r'): SentRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${run.runId}-${prefix}-${index}`,
    customerId: `${run.runId}-c-${index % customers}`,
    amount: amountOf(1 + Math.floor(run.random() * 1_000_000)),
    currency: currencies[Math.floor(run.random() * currencies.length)] ?? 'EUR',
    occurredAt: new Date(start + Math.floor(run.random() * 86_400_000)).toISOString(),
  }));
}

/** Returns one record of its own customer. */
export function makeRecord(run: ScenarioRun, prefix: string): SentRecord {
  const [record] = makeRecords(run, 1, 1, prefix);
  if (record === undefined) throw new Error('no record was made');
  return record;
}

/** Sums records by currency without any code of the stack. */
export function sumsOf(records: readonly SentRecord[]): Record<string, string> {
  const sums = new Map<string, bigint>();
  for (const { amount, currency } of records) {
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount.replace('.', '')));
  }
  const sorted = [...sums].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([currency, cents]) => [currency, amountOf(cents)]));
}

export function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Returns an amount with exactly two places, so that a sum can ignore the point. */
function amountOf(cents: number | bigint): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
