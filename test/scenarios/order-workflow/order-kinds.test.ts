import { orderKinds } from '../../../scenarios/order-workflow/order-kinds';
import type { Deployment } from '../../../scenarios/order-workflow/deployment';
import { parseOrder } from '../../../lambda/order-workflow/order';

const deployment = { run: { runId: 'r1' }, orderIds: new Set<string>() } as unknown as Deployment;

it.each(orderKinds)('creates a readable order of kind $name with its own id', (kind) => {
  const order = parseOrder(kind.order(deployment, 'sku'));
  expect(order.orderId).toBe(`r1-${kind.name}`);
  const units = order.items.reduce((sum, { quantity }) => sum + quantity, 0);
  expect(units > 10).toBe(kind.decision !== undefined);
});

it('has a kind for every rejection that needs no fault', () => {
  const reasons = orderKinds
    .filter(({ expected }) => expected.status === 'rejected')
    .map(({ expected }) => expected.reason);
  expect(reasons.sort()).toEqual(['approval-refused', 'invalid-order', 'out-of-stock', 'payment-declined']);
});
