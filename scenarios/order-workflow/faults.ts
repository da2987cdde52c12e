import type { Denial } from './denial';

export interface Fault {
  readonly name: string;
  readonly denial: Denial;
  /** The order asks for more than there is, so that its charge has to be undone. */
  readonly outOfStock?: boolean;
  /** The order is large, so that a person is asked. */
  readonly large?: boolean;
  readonly expected: { status: string; reason: string; charges: number; refunds: number; taken: number };
}

const anything = ['dynamodb:*'];
const undone = { charges: 1, refunds: 1, taken: 0 };

/** Each step made to fail in turn, before and after what it does, and what the order has to end as. */
export const faults: readonly Fault[] = [
  {
    name: 'validation fails',
    denial: { state: 'Validate the order', actions: anything },
    expected: { status: 'failed', reason: 'validation-failed', charges: 0, refunds: 0, taken: 0 },
  },
  {
    name: 'the charge fails before it is made',
    denial: { state: 'Charge the payment', actions: ['dynamodb:UpdateItem'], table: 'PaymentsTableName' },
    expected: { status: 'failed', reason: 'payment-failed', charges: 0, refunds: 0, taken: 0 },
  },
  {
    name: 'the charge fails after it was made',
    denial: { state: 'Charge the payment', actions: ['dynamodb:UpdateItem'], table: 'OrdersTableName' },
    expected: { status: 'failed', reason: 'payment-failed', ...undone },
  },
  {
    name: 'the inventory fails before stock is taken',
    denial: { state: 'Update the inventory', actions: ['dynamodb:UpdateItem'], table: 'InventoryTableName' },
    expected: { status: 'failed', reason: 'inventory-failed', ...undone },
  },
  {
    name: 'the confirmation fails',
    denial: { state: 'Send the confirmation', actions: anything },
    expected: { status: 'confirmed', reason: 'none', charges: 1, refunds: 0, taken: 2 },
  },
  {
    name: 'telling of a rejection fails',
    denial: { state: 'Tell the customer', actions: anything },
    outOfStock: true,
    expected: { status: 'rejected', reason: 'out-of-stock', ...undone },
  },
  {
    name: 'the refund fails',
    denial: { state: 'Refund the payment', actions: ['dynamodb:UpdateItem'], table: 'PaymentsTableName' },
    outOfStock: true,
    expected: { status: 'needs-attention', reason: 'out-of-stock', charges: 1, refunds: 0, taken: 0 },
  },
  {
    name: 'the inventory fails, and giving stock back too',
    denial: { state: 'Give the stock back', actions: anything },
    expected: { status: 'needs-attention', reason: 'inventory-failed', ...undone },
  },
];
