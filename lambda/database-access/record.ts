/** One amount that a customer was charged, as it was told first. */
export interface PaymentRecord {
  readonly id: string;
  readonly customerId: string;
  readonly cents: bigint;
  /** ISO 4217. */
  readonly currency: string;
  /** To the millisecond. */
  readonly occurredAt: Date;
}

/** Whether two records say the same, however it was written: `12.5` is `12.50`. */
export function saysTheSame(one: PaymentRecord, other: PaymentRecord): boolean {
  return (
    one.id === other.id &&
    one.customerId === other.customerId &&
    one.cents === other.cents &&
    one.currency === other.currency &&
    one.occurredAt.getTime() === other.occurredAt.getTime()
  );
}
