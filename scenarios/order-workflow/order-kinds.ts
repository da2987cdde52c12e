import type { Deployment } from './deployment';
import { createOrder, decide, type TestOrder } from './test-orders';

/** Kind of order with its expected outcome. */
export interface OrderKind {
  readonly name: string;
  readonly order: (deployment: Deployment, sku: string) => TestOrder;
  /** Decision of the approver, for large orders. */
  readonly decision?: 'approve' | 'reject';
  readonly expected: {
    readonly status: 'confirmed' | 'rejected' | 'failed';
    readonly reason: string;
    readonly charges: number;
    readonly refunds: number;
    /** Units of stock. */
    readonly reserved: number;
  };
}

const confirmed = { status: 'confirmed', reason: 'none', charges: 1, refunds: 0, reserved: 2 } as const;
const untouched = { charges: 0, refunds: 0, reserved: 0 } as const;

function paidWith(name: string, expected: OrderKind['expected']): OrderKind {
  return {
    name,
    order: (deployment, sku) => createOrder(deployment, name, sku, { paymentMethod: `pm-${name}` }),
    expected,
  };
}

function large(name: string, decision: 'approve' | 'reject', expected: OrderKind['expected']): OrderKind {
  return { name, decision, order: (one, sku) => createOrder(one, name, sku, { items: [item(sku, 11)] }), expected };
}

function item(sku: string, quantity: number) {
  return { sku, quantity, unitPrice: '3.10' };
}

/** Kinds that together take every path which needs no fault in the stack itself. */
export const orderKinds: readonly OrderKind[] = [
  paidWith('visa', confirmed),
  paidWith('slow', confirmed),
  paidWith('timeout-once', confirmed),
  paidWith('declined', { status: 'rejected', reason: 'payment-declined', ...untouched }),
  large('approved', 'approve', { ...confirmed, reserved: 11 }),
  large('refused', 'reject', { status: 'rejected', reason: 'approval-refused', ...untouched }),
  {
    name: 'invalid',
    order: (one, sku) => createOrder(one, 'invalid', sku, { items: [item(sku, 0), item(`${sku}-unknown`, 1)] }),
    expected: { status: 'rejected', reason: 'invalid-order', ...untouched },
  },
  {
    name: 'out-of-stock',
    order: (one, sku) => createOrder(one, 'out-of-stock', sku, { items: [item(sku, 1), item(`${sku}-scarce`, 1)] }),
    expected: { status: 'rejected', reason: 'out-of-stock', charges: 1, refunds: 1, reserved: 0 },
  },
];

/** Sends the decision of an order's kind, if any, once the order waits for it. */
export async function decideByKind(deployment: Deployment, { decision }: OrderKind, orderId: string): Promise<void> {
  if (decision === undefined) return;
  const expected = decision === 'approve' ? 'approved' : 'rejected';
  await deployment.run.eventually(`the decision on ${orderId}`, async () => {
    const { value } = await decide(deployment, orderId, decision);
    return value['status'] === expected ? true : undefined;
  });
}
