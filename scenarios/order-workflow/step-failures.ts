import type { Denial } from './deny-actions';

/** A step made to fail by denying its function actions or by the payment method, and the expected outcome of an order. */
export interface StepFailure {
  readonly name: string;
  readonly state: string;
  readonly denial?: Denial;
  readonly paymentMethod?: string;
  /** The order exceeds the stock, so that its charge must be refunded. */
  readonly outOfStock?: boolean;
  readonly expected: { status: string; reason: string; charges: number; refunds: number; reserved: number };
}

const allActions = ['dynamodb:*'];
const refunded = { charges: 1, refunds: 1, reserved: 0 };

/** Each step fails in turn, before and after its effect. */
export const stepFailures: readonly StepFailure[] = [
  {
    name: 'validation fails',
    state: 'Validate the order',
    denial: { actions: allActions },
    expected: { status: 'failed', reason: 'validation-failed', charges: 0, refunds: 0, reserved: 0 },
  },
  {
    name: 'the charge fails before it is made',
    state: 'Charge the payment',
    denial: { actions: ['dynamodb:UpdateItem'], table: 'PaymentsTableName' },
    expected: { status: 'failed', reason: 'payment-failed', charges: 0, refunds: 0, reserved: 0 },
  },
  {
    name: 'the payment service is unavailable',
    state: 'Charge the payment',
    paymentMethod: 'pm-unavailable',
    expected: { status: 'failed', reason: 'payment-failed', charges: 0, refunds: 0, reserved: 0 },
  },
  {
    name: 'the charge is made and never answered',
    state: 'Charge the payment',
    paymentMethod: 'pm-timeout',
    expected: { status: 'failed', reason: 'payment-failed', ...refunded },
  },
  {
    name: 'the inventory fails before stock is reserved',
    state: 'Update the inventory',
    denial: { actions: ['dynamodb:UpdateItem'], table: 'InventoryTableName' },
    expected: { status: 'failed', reason: 'inventory-failed', ...refunded },
  },
  {
    name: 'the notification of a confirmation fails',
    state: 'Notify the customer',
    denial: { actions: allActions },
    expected: { status: 'confirmed', reason: 'none', charges: 1, refunds: 0, reserved: 2 },
  },
  {
    name: 'the notification of a rejection fails',
    state: 'Notify the customer',
    denial: { actions: allActions },
    outOfStock: true,
    expected: { status: 'rejected', reason: 'out-of-stock', ...refunded },
  },
  {
    name: 'the refund fails',
    state: 'Refund the payment',
    denial: { actions: ['dynamodb:UpdateItem'], table: 'PaymentsTableName' },
    outOfStock: true,
    expected: { status: 'needs-attention', reason: 'out-of-stock', charges: 1, refunds: 0, reserved: 0 },
  },
  {
    name: 'the inventory and the release of stock fail',
    state: 'Release the stock',
    denial: { actions: allActions },
    expected: { status: 'needs-attention', reason: 'inventory-failed', ...refunded },
  },
];

/** A state with a service integration made to fail by altering its arguments, and the expected outcome of an order. */
export interface IntegrationFailure {
  readonly state: string;
  readonly paymentMethod: string;
  readonly inStock: number;
  readonly expected: Omit<StepFailure['expected'], 'reason'>;
}

const paid = { paymentMethod: 'pm-visa', inStock: 10 };
const declined = { paymentMethod: 'pm-declined', inStock: 10 };
const fulfilled = { charges: 1, refunds: 0, reserved: 2 };
const untouched = { charges: 0, refunds: 0, reserved: 0 };

/** Nothing completed is undone: only the status is missing. */
export const statusFailures: readonly IntegrationFailure[] = [
  { state: 'Mark the order ended', ...paid, expected: { status: 'needs-attention', ...fulfilled } },
  { state: 'Mark the order ended', ...declined, expected: { status: 'needs-attention', ...untouched } },
  {
    state: 'Mark the order as needing attention',
    paymentMethod: 'pm-visa',
    inStock: 0,
    expected: { status: 'needs-attention', charges: 1, refunds: 0, reserved: 0 },
  },
];
export const eventFailures: readonly IntegrationFailure[] = [
  { state: 'Announce how it ended', ...paid, expected: { status: 'confirmed', ...fulfilled } },
  { state: 'Announce how it ended', ...declined, expected: { status: 'rejected', ...untouched } },
];
/** While SendConfirmation fails. */
export const notificationFailures: readonly IntegrationFailure[] = [
  { state: 'Mark the customer as not notified', ...paid, expected: { status: 'confirmed', ...fulfilled } },
];
