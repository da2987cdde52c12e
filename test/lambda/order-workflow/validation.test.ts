import { validate, totalCents } from '../../../lambda/order-workflow/validation';

const items = [{ sku: 'SKU-1', quantity: 2, unitPrice: '12.50' }];
const known = new Set(['SKU-1', 'SKU-2']);

it('adds ten times 0.1 to exactly 1.00', () => {
  const tenths = Array.from({ length: 10 }, (_, index) => ({ sku: `${index}`, quantity: 1, unitPrice: '0.1' }));
  expect(totalCents({ items: tenths })).toBe(100);
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
  const { valid, reasons, total } = validate({ items: wrong, currency: 'JPY' }, known);
  expect({ valid, total }).toEqual({ valid: false, total: '0.00' });
  expect(reasons).toEqual([
    'currency JPY does not have two decimal places',
    'item 1: quantity 0 is not from 1 to 1000',
    'item 1: price 0 is not above 0 in whole cents',
    'item 2: quantity 1001 is not from 1 to 1000',
    'item 2: price 1.005 is not above 0 in whole cents',
    'item 2: SKU SKU-1 is in the order twice',
    'item 3: SKU SKU-9 is unknown',
  ]);
});
