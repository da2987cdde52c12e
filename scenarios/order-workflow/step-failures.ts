import type { Denial } from './deny-actions';

/** A step made to fail by denying its function actions, and the expected outcome of an order. */
export interface StepFailure {
  readonly name: string;
  readonly denial: Denial;
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
    denial: { state: 'Validate the order', actions: allActions },
    expected: { status: 'failed', reason: 'validation-failed', charges: 0, refunds: 0, reserved: 0 },
  },
  {
    name: 'the charge fails before it is made',
    denial: { state: 'Charge the payment', actions: ['dynamodb:UpdateItem'], table: 'PaymentsTableName' },
    expected: { status: 'failed', reason: 'payment-failed', charges: 0, refunds: 0, reserved: 0 },
  },
  {
    name: 'the charge fails after it was made',
    denial: { state: 'Charge the payment', actions: ['dynamodb:UpdateItem'], table: 'OrdersTableName' },
    expected: { status: 'failed', reason: 'payment-failed', ...refunded },
  },
  {
    name: 'the inventory fails before stock is reserved',
    denial: { state: 'Update the inventory', actions: ['dynamodb:UpdateItem'], table: 'InventoryTableName' },
    expected: { status: 'failed', reason: 'inventory-failed', ...refunded },
  },
  {
    name: 'the confirmation fails',
    denial: { state: 'Send the confirmation', actions: allActions },
    expected: { status: 'confirmed', reason: 'none', charges: 1, refunds: 0, reserved: 2 },
  },
  {
    name: 'the notification of a rejection fails',
    denial: { state: 'Tell the customer', actions: allActions },
    outOfStock: true,
    expected: { status: 'rejected', reason: 'out-of-stock', ...refunded },
  },
  {
    name: 'the refund fails',
    denial: { state: 'Refund the payment', actions: ['dynamodb:UpdateItem'], table: 'PaymentsTableName' },
    outOfStock: true,
    expected: { status: 'needs-attention', reason: 'out-of-stock', charges: 1, refunds: 0, reserved: 0 },
  },
  {
    name: 'the inventory and the release of stock fail',
    denial: { state: 'Release the stock', actions: allActions },
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

/** Nothing completed is undone: only the status is missing, which an operator sets by a redrive. */
export const statusFailures: readonly IntegrationFailure[] = [
  { state: 'Mark the order confirmed', ...paid, expected: { status: 'needs-attention', ...fulfilled } },
  { state: 'Mark the order ended', ...declined, expected: { status: 'needs-attention', ...untouched } },
  {
    state: 'Mark the order as needing attention',
    paymentMethod: 'pm-visa',
    inStock: 0,
    expected: { status: 'needs-attention', charges: 1, refunds: 0, reserved: 0 },
  },
];
export const eventFailures: readonly IntegrationFailure[] = [
  { state: 'Announce the confirmed order', ...paid, expected: { status: 'confirmed', ...fulfilled } },
  { state: 'Announce how it ended', ...declined, expected: { status: 'rejected', ...untouched } },
];
