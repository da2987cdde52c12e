import {
  executionName,
  fingerprint,
  InvalidOrderError,
  parseOrder,
  type Order,
} from '../../../lambda/order-workflow/order';

const order: Order = {
  orderId: 'o-1001',
  customerId: 'c-7',
  customerEmail: 'c7@example.com',
  paymentMethod: 'pm-visa',
  items: [{ sku: 'SKU-1', quantity: 2, unitPrice: '12.50' }],
  currency: 'EUR',
};

function refusalOf(input: unknown): string {
  try {
    parseOrder(input);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidOrderError);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

it('accepts a valid order unchanged', () => {
  expect(parseOrder(order)).toEqual(order);
});

it('names every wrong field and no value', () => {
  const wrong = {
    ...order,
    orderId: 'o 1001',
    customerEmail: 'canary-nobody',
    paymentMethod: '4111111111111111',
    items: [{ sku: 'SKU-1', quantity: 1.5, unitPrice: 12.5 }],
    currency: 'euro-canary',
    extra: 'canary',
  };
  const message = refusalOf(wrong);
  for (const field of [
    'orderId',
    'customerEmail',
    'paymentMethod',
    'items[0].quantity',
    'items[0].unitPrice',
    'currency',
  ]) {
    expect(message).toContain(field);
  }
  expect(message).not.toMatch(/canary|4111|12\.5\b(?!0)/);
});

it.each(['pm-4111111111111111', 'pm-4111-1111-1111-1111', '4111111111111111', 'pm_4111_1111_1111_1111'])(
  'refuses the card number %s as payment method',
  (paymentMethod) => {
    expect(refusalOf({ ...order, paymentMethod })).toMatch(/^invalid order: paymentMethod: .*never a card$/);
  },
);

it.each([[[]], [Array.from({ length: 51 }, () => order.items[0])]])(
  'refuses an order with fewer than 1 or more than 50 items',
  (items) => {
    expect(refusalOf({ ...order, items })).toContain('items: use at');
  },
);

it('gives every execution of an order a name that no other order has', () => {
  expect(executionName('o-1001', 1)).toBe('o-1001');
  const restarted = executionName('o'.repeat(80), 12);
  expect(restarted).toMatch(/^[0-9A-Za-z_-]{1,80}$/);
  expect(new Set([2, 3].flatMap((one) => ['o-1', 'o-2'].map((id) => executionName(id, one)))).size).toBe(4);
  expect(refusalOf({ ...order, orderId: restarted })).toMatch(/^invalid order: orderId: /);
});

it('names the order itself if the input is not an object', () => {
  expect(refusalOf('order')).toBe('invalid order: order: use an object');
});

it('gives the same fingerprint for any field order and spelling, and another for other content', () => {
  expect(fingerprint(Object.fromEntries(Object.entries(order).reverse()) as Order)).toBe(fingerprint(order));
  const others: Partial<Order>[] = [
    { customerId: 'c-8' },
    { customerEmail: 'c8@example.com' },
    { customerEmail: 'C7@example.com' },
    { paymentMethod: 'pm-other' },
    { currency: 'USD' },
    { items: [{ sku: 'SKU-1', quantity: 3, unitPrice: '12.50' }] },
    { items: [{ sku: 'SKU-1', quantity: 2, unitPrice: '12.51' }] },
  ];
  const spellings: Partial<Order>[] = [
    { items: [{ sku: 'SKU-1', quantity: 2, unitPrice: '12.5' }] },
    { items: [{ sku: 'SKU-1', quantity: 2, unitPrice: '012.500' }] },
    { customerEmail: 'c7@EXAMPLE.com' },
  ];
  for (const spelling of spellings) expect(fingerprint({ ...order, ...spelling })).toBe(fingerprint(order));
  for (const other of others) expect(fingerprint({ ...order, ...other })).not.toBe(fingerprint(order));
});
