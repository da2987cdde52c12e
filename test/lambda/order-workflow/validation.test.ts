import { totalAmount, validate } from '../../../lambda/order-workflow/validation';

const items = [{ sku: 'SKU-1', quantity: 2, unitPrice: '12.50' }];
const known = new Set(['SKU-1', 'SKU-2']);

it('adds ten times 0.1 to exactly 1.00', () => {
  const tenths = Array.from({ length: 10 }, (_, index) => ({ sku: `${index}`, quantity: 1, unitPrice: '0.1' }));
  expect(totalAmount({ items: tenths, currency: 'EUR' })).toBe('1.00');
});

it('adds the largest order of a currency with four decimal places exactly', () => {
  const lines = Array.from({ length: 50 }, (_, index) => ({
    sku: `${index}`,
    quantity: 1_000,
    unitPrice: '999999999.9999',
  }));
  expect(totalAmount({ items: lines, currency: 'CLF' })).toBe('49999999999995.0000');
});

it.each([
  ['JPY', '1250', '2500'],
  ['HUF', '12.50', '25.00'],
  ['KWD', '12.505', '25.010'],
  ['CLF', '12.5055', '25.0110'],
])('accepts a price in %s with its own decimal places', (currency, unitPrice, total) => {
  const order = { items: [{ sku: 'SKU-1', quantity: 2, unitPrice }], currency };
  expect(validate(order, known)).toEqual({ valid: true, reasons: [], units: 2, total });
});

it.each([
  ['JPY', '12.5', 'item 1: price 12.5 is not above 0 with at most 0 decimal places'],
  ['XAU', '1', 'currency XAU is not one of ISO 4217 with a minor unit'],
  ['ZZZ', '1', 'currency ZZZ is not one of ISO 4217 with a minor unit'],
])('refuses %s with the price %s', (currency, unitPrice, reason) => {
  const order = { items: [{ sku: 'SKU-1', quantity: 2, unitPrice }], currency };
  expect(validate(order, known)).toEqual({ valid: false, reasons: [reason], units: 2, total: '0' });
});

it('accepts a valid order and returns its units and total', () => {
  expect(validate({ items, currency: 'EUR' }, known)).toEqual({ valid: true, reasons: [], units: 2, total: '25.00' });
});

it('reports all problems at once', () => {
  const wrong = [
    { sku: 'SKU-1', quantity: 0, unitPrice: '0' },
    { sku: 'SKU-1', quantity: 1_001, unitPrice: '1.005' },
    { sku: 'SKU-9', quantity: 1, unitPrice: '1.00' },
  ];
  const { valid, reasons, total } = validate({ items: wrong, currency: 'EUR' }, known);
  expect({ valid, total }).toEqual({ valid: false, total: '0' });
  expect(reasons).toEqual([
    'item 1: quantity 0 is not from 1 to 1000',
    'item 1: price 0 is not above 0 with at most 2 decimal places',
    'item 2: quantity 1001 is not from 1 to 1000',
    'item 2: price 1.005 is not above 0 with at most 2 decimal places',
    'item 2: SKU SKU-1 is in the order twice',
    'item 3: SKU SKU-9 is unknown',
  ]);
});
