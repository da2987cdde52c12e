export interface Payment {
  /** The idempotency key: however often it is asked, one order is charged once and refunded once. */
  readonly orderId: string;
  /** Whole cents. */
  readonly cents: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

export type ChargeResult = { readonly outcome: 'charged' } | { readonly outcome: 'declined'; readonly reason: string };

/** `voided`: there was no charge, and from now on there will be none, however late one arrives. */
export type RefundResult = { readonly outcome: 'refunded' | 'voided' };

/** A payment service. What it declines is a result; what it throws is transient or wrong. */
export interface PaymentProvider {
  /** @throws PaymentUnavailable where nothing is known of the charge and trying again may help */
  charge(payment: Payment): Promise<ChargeResult>;
  /**
   * Undoes what may have been charged: refunds a charge, and blocks one that has not arrived.
   *
   * @throws PaymentUnavailable where trying again may help
   */
  refund(orderId: string): Promise<RefundResult>;
}

/** The payment service cannot be asked now, or did not answer; the state machine tries again by this name. */
export class PaymentUnavailable extends Error {
  override readonly name = 'PaymentUnavailable';
}

/** The payment service does not take a request as it is: trying again cannot help. */
export class PaymentRequestRefused extends Error {
  override readonly name = 'PaymentRequestRefused';
}
