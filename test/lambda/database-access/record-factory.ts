import type { PaymentRecord } from '../../../lambda/database-access/records';

export function record(changes: Partial<PaymentRecord> = {}): PaymentRecord {
  const occurredAt = new Date('2026-11-21T08:00:00Z');
  return { id: 'r-1', customerId: 'c-7', minorUnits: 1_250n, currency: 'EUR', occurredAt, ...changes };
}

/** The same record in a request. */
export function sent(changes: object = {}): object {
  const occurredAt = '2026-11-21T08:00:00Z';
  return { id: 'r-1', customerId: 'c-7', amount: '12.50', currency: 'EUR', occurredAt, ...changes };
}
