import { contentOf, InvalidOrder, parseOrder, type Order } from '../../../lambda/order-workflow/order';

const order: Order = {
  orderId: 'o-1001',
  customerId: 'c-7',
  customerEmail: 'c7@example.com',
  paymentMethod: 'pm-visa',
  items: [{ sku: 'SKU-1', quantity: 2, unitPrice: '12.50' }],
  currency: 'EUR',
};

function complaintAbout(input: unknown): string {
  try {
    parseOrder(input);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidOrder);
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

it('an order is taken as it is', () => {
  expect(parseOrder(order)).toEqual(order);
});

it('every wrong field is named, and none of their values', () => {
  const wrong = {
    ...order,
    orderId: 'o 1001',
    customerEmail: 'canary-nobody',
    paymentMethod: '4111111111111111',
    items: [{ sku: 'SKU-1', quantity: 1.5, unitPrice: 12.5 }],
    currency: 'euro-canary',
    extra: 'canary',
  };
  const message = complaintAbout(wrong);
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
  'the number of a card is no payment method: %s',
  (paymentMethod) => {
    expect(complaintAbout({ ...order, paymentMethod })).toMatch(
      /^the order is not one: paymentMethod: .*never a card$/,
    );
  },
);

it.each([[[]], [Array.from({ length: 51 }, () => order.items[0])]])('an order has 1 to 50 items', (items) => {
  expect(complaintAbout({ ...order, items })).toContain('items: use at');
});

it('what is no object at all is named as the order', () => {
  expect(complaintAbout('order')).toBe('the order is not one: order: use an object');
});

it('the same order has the same content however its fields are arranged, another one has not', () => {
  expect(contentOf(Object.fromEntries(Object.entries(order).reverse()) as Order)).toBe(contentOf(order));
  const others: Partial<Order>[] = [
    { customerId: 'c-8' },
    { customerEmail: 'c8@example.com' },
    { paymentMethod: 'pm-other' },
    { currency: 'USD' },
    { items: [{ sku: 'SKU-1', quantity: 3, unitPrice: '12.50' }] },
    { items: [{ sku: 'SKU-1', quantity: 2, unitPrice: '12.51' }] },
  ];
  for (const other of others) expect(contentOf({ ...order, ...other })).not.toBe(contentOf(order));
});
