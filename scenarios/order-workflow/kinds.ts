import { decideOn, orderOf, type Deployment, type Placed } from './deployment';

/** A kind of order, and what has to become of it. */
export interface Kind {
  readonly name: string;
  readonly order: (deployment: Deployment, sku: string) => Placed;
  /** What a person decides, where one is asked. */
  readonly decision?: 'approve' | 'reject';
  readonly expected: {
    readonly status: 'confirmed' | 'rejected' | 'failed';
    readonly reason: string;
    readonly charges: number;
    readonly refunds: number;
    /** Units taken from stock. */
    readonly taken: number;
  };
}

const confirmed = { status: 'confirmed', reason: 'none', charges: 1, refunds: 0, taken: 2 } as const;
const untouched = { charges: 0, refunds: 0, taken: 0 } as const;

function paidWith(name: string, expected: Kind['expected']): Kind {
  return {
    name,
    order: (deployment, sku) => orderOf(deployment, name, sku, { paymentMethod: `pm-${name}` }),
    expected,
  };
}

function large(name: string, decision: 'approve' | 'reject', expected: Kind['expected']): Kind {
  return { name, decision, order: (one, sku) => orderOf(one, name, sku, { items: [item(sku, 11)] }), expected };
}

function item(sku: string, quantity: number) {
  return { sku, quantity, unitPrice: '3.10' };
}

/** One order of each kind; together they take every path that needs no fault in the stack itself. */
export const kinds: readonly Kind[] = [
  paidWith('visa', confirmed),
  paidWith('slow', confirmed),
  paidWith('timeout-once', confirmed),
  paidWith('declined', { status: 'rejected', reason: 'payment-declined', ...untouched }),
  paidWith('unavailable', { status: 'failed', reason: 'payment-failed', ...untouched }),
  large('approved', 'approve', { ...confirmed, taken: 11 }),
  large('refused', 'reject', { status: 'rejected', reason: 'approval-refused', ...untouched }),
  {
    name: 'invalid',
    order: (one, sku) => orderOf(one, 'invalid', sku, { items: [item(sku, 0), item(`${sku}-unknown`, 1)] }),
    expected: { status: 'rejected', reason: 'invalid-order', ...untouched },
  },
  {
    name: 'out-of-stock',
    order: (one, sku) => orderOf(one, 'out-of-stock', sku, { items: [item(sku, 1), item(`${sku}-scarce`, 1)] }),
    expected: { status: 'rejected', reason: 'out-of-stock', charges: 1, refunds: 1, taken: 0 },
  },
];

/** Decides as the kind says, once the order waits for it. */
export async function decideAsExpected(deployment: Deployment, { decision }: Kind, orderId: string): Promise<void> {
  if (decision === undefined) return;
  const wanted = decision === 'approve' ? 'approved' : 'rejected';
  await deployment.run.eventually(`${orderId} to be decided`, async () => {
    const { value } = await decideOn(deployment, orderId, decision);
    return value['status'] === wanted ? true : undefined;
  });
}
