import { kinds } from '../../../scenarios/order-workflow/kinds';
import type { Deployment } from '../../../scenarios/order-workflow/deployment';
import { parseOrder } from '../../../lambda/order-workflow/order';

const deployment = { run: { runId: 'r1' }, orderIds: new Set<string>() } as unknown as Deployment;

it.each(kinds)('the order of kind $name can be read, and has an id of its own', (kind) => {
  const order = parseOrder(kind.order(deployment, 'sku'));
  expect(order.orderId).toBe(`r1-${kind.name}`);
  const units = order.items.reduce((sum, { quantity }) => sum + quantity, 0);
  expect(units > 10).toBe(kind.decision !== undefined);
});

it('every reason that an order is rejected for without a fault has its kind', () => {
  const reasons = kinds.filter(({ expected }) => expected.status === 'rejected').map(({ expected }) => expected.reason);
  expect(reasons.sort()).toEqual(['approval-refused', 'invalid-order', 'out-of-stock', 'payment-declined']);
});
