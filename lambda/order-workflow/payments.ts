export interface Payment {
  /** Idempotency key: an order is charged once and refunded once, however often it is requested. */
  readonly orderId: string;
  /** Decimal text with the currency's decimal places, such as `12.50`. */
  readonly amount: string;
  readonly currency: string;
  readonly paymentMethod: string;
}

export type ChargeResult = { readonly outcome: 'charged' } | { readonly outcome: 'declined'; readonly reason: string };

/** `voided`: nothing had been charged, and a charge that arrives later is refused. */
export type RefundResult = { readonly outcome: 'refunded' | 'voided' };

/** A payment service. A decline is a result; errors are transient or permanent failures. */
export interface PaymentProvider {
  /** @throws PaymentUnavailableError if the outcome is unknown and a retry may help */
  charge(payment: Payment): Promise<ChargeResult>;
  /**
   * Refunds a charge, or blocks one that has not arrived.
   *
   * @throws PaymentUnavailableError if a retry may help
   */
  refund(orderId: string): Promise<RefundResult>;
}

/** The payment service is unreachable or did not answer. The state machine retries errors of this name. */
export class PaymentUnavailableError extends Error {
  override readonly name = 'PaymentUnavailableError';
}

/**
 * The payment service may have forgotten the idempotency key of the first attempt, so that another one could charge twice. The
 * order is refunded instead.
 */
export class ChargeExpiredError extends Error {
  override readonly name = 'ChargeExpiredError';

  constructor(orderId: string, seconds: number) {
    super(`order ${orderId}: the first attempt to charge it was ${Math.round(seconds)} s ago`);
  }
}

/** The payment service refused the request itself: a retry cannot help. */
export class PaymentRequestRefusedError extends Error {
  override readonly name = 'PaymentRequestRefusedError';
}
