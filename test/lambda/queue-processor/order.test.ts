import fc from 'fast-check';
import { fingerprint, linesOf, orderSchema } from '../../../lambda/queue-processor/order';
import { anOrder } from './orders';

it('repeated SKUs are summed, since a transaction takes each item once', () => {
  const items = [
    { sku: 'b', quantity: 2 },
    { sku: 'a', quantity: 1 },
    { sku: 'b', quantity: 3 },
  ];
  expect(linesOf({ items })).toEqual([
    { sku: 'a', quantity: 1 },
    { sku: 'b', quantity: 5 },
  ]);
});

it('lines have exactly the units of the items', () => {
  const item = fc.record({
    sku: fc.string({ minLength: 1, maxLength: 3 }),
    quantity: fc.integer({ min: 1, max: 1_000 }),
  });
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 50 }), (items) => {
      const lines = linesOf({ items });
      const units = (list: readonly { quantity: number }[]) => list.reduce((sum, { quantity }) => sum + quantity, 0);
      expect(units(lines)).toBe(units(items));
      expect(new Set(lines.map(({ sku }) => sku)).size).toBe(lines.length);
    }),
  );
});

it('an order has the same fingerprint however its items and its time are written', () => {
  const order = anOrder({
    placedAt: '2026-11-21T08:00:00Z',
    items: [
      { sku: 'a', quantity: 3 },
      { sku: 'b', quantity: 1 },
    ],
  });
  const rewritten = anOrder({
    placedAt: '2026-11-21T09:00:00.000+01:00',
    items: [
      { sku: 'b', quantity: 1 },
      { sku: 'a', quantity: 1 },
      { sku: 'a', quantity: 2 },
    ],
  });
  expect(fingerprint(rewritten)).toBe(fingerprint(order));
});

it.each([
  [{ orderId: 'o-2' }],
  [{ customerId: 'c-8' }],
  [{ placedAt: '2026-11-21T08:00:01Z' }],
  [{ items: [{ sku: 'SKU-1', quantity: 3 }] }],
  [{ items: [{ sku: 'SKU-2', quantity: 2 }] }],
])('an order that differs in %j has another fingerprint', (change) => {
  expect(fingerprint(anOrder(change))).not.toBe(fingerprint(anOrder()));
});

it.each([
  ['no items', { items: [] }],
  ['51 items', { items: Array.from({ length: 51 }, (_, index) => ({ sku: `SKU-${index}`, quantity: 1 })) }],
  ['no units', { items: [{ sku: 'SKU-1', quantity: 0 }] }],
  ['1,001 units', { items: [{ sku: 'SKU-1', quantity: 1_001 }] }],
  ['half a unit', { items: [{ sku: 'SKU-1', quantity: 0.5 }] }],
  ['an empty SKU', { items: [{ sku: '', quantity: 1 }] }],
  ['an e-mail address for an id', { orderId: 'jane@example.com' }],
  ['a day for a time', { placedAt: '2026-11-21' }],
  ['a customer that is no message group', { customerId: 'c 7' }],
])('an order with %s is refused', (_, change) => {
  expect(orderSchema.safeParse({ ...anOrder(), ...change }).success).toBe(false);
});

it.each([
  '2026-11-21T08:00:00Z',
  '2026-11-21T08:00Z',
  '2026-11-21t08:00:00z',
  '2026-11-21T08:00:00+0000',
  '2026-11-21T08:00:00+00:00',
  '2026-11-21T08:00:00-00:00',
  '2026-11-21T08:00:00.000Z',
  '2026-11-21T03:00-0500',
  '2026-11-21T13:30:00.000000000+05:30',
])('%s is the same time', (placedAt) => {
  const parsed = orderSchema.parse(anOrder({ placedAt }));
  expect(fingerprint(parsed)).toBe(fingerprint(anOrder({ placedAt: '2026-11-21T08:00:00Z' })));
  expect(Date.parse(parsed.placedAt)).toBe(Date.UTC(2026, 10, 21, 8));
});

it('times that differ by a nanosecond are different orders', () => {
  const times = ['2026-11-21T08:00:00.123Z', '2026-11-21T08:00:00.123000001Z', '2026-11-21T08:00:00.12300000Z'];
  const [first, second, third] = times.map((placedAt) => fingerprint(orderSchema.parse(anOrder({ placedAt }))));
  expect(first).not.toBe(second);
  expect(first).toBe(third);
});

it.each([
  '2026-11-21T08:00:00',
  '2026-11-21 08:00:00Z',
  '2026-02-29T08:00:00Z',
  '2026-11-21T24:00:00Z',
  '2026-11-21T08:00:60Z',
  '2026-11-21T08:00:00+25:00',
  '2026-11-21T08:00:00,5Z',
  '20261121T080000Z',
])('%s is not a time', (placedAt) => {
  expect(orderSchema.safeParse(anOrder({ placedAt })).success).toBe(false);
});

it('fingerprints are those that existing fulfilments have', () => {
  expect(fingerprint(anOrder())).toBe('386fabe8da08ff2c0284b23e5b9c6e3f58725f454831bcb744494dcce6e1c4f3');
});

it('50 items of 1,000 units are accepted', () => {
  const items = Array.from({ length: 50 }, (_, index) => ({ sku: `SKU-${index}`, quantity: 1_000 }));
  expect(orderSchema.safeParse(anOrder({ items })).success).toBe(true);
});
