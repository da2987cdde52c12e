import { createOrder, loadHandler, TestEnvironment } from './test-environment';

const validate = loadHandler<{ valid: boolean; reasons: string[]; units: number; total: string }>('validate-order');
let environment: TestEnvironment;
beforeEach(() => {
  environment = new TestEnvironment();
  environment.tables.put('Inventory', { sku: { S: 'SKU-1' }, available: { N: '5' } });
});
afterEach(() => {
  expect(environment.leaked).toEqual([]);
  jest.restoreAllMocks();
});

it('accepts a valid order and records its total', async () => {
  environment.putOrder(createOrder());
  expect(await validate({ orderId: 'o-1001' })).toEqual({ valid: true, reasons: [], units: 2, total: '25.00' });
  expect(environment.text('Orders', 'o-1001', 'total')).toBe('25.00');
  expect(environment.timeline('o-1001')).toMatchObject({ validated: 'valid' });
});

it('records why an order is invalid, but does not log it', async () => {
  environment.putOrder(createOrder({ items: [{ sku: 'SKU-unknown', quantity: 0, unitPrice: '1.00' }] }));
  const { valid, reasons } = await validate({ orderId: 'o-1001' });
  expect(valid).toBe(false);
  expect(environment.timeline('o-1001')['validated']).toBe(reasons.join('; '));
  expect(environment.lines).toContain('"problems":2');
  expect(environment.lines).not.toContain('SKU-unknown');
});

it('keeps the time of the first validation when the step repeats', async () => {
  environment.putOrder(createOrder());
  await validate({ orderId: 'o-1001' });
  const before = environment.tables.item('Orders', 'o-1001')?.['timeline'];
  expect(await validate({ orderId: 'o-1001' })).toMatchObject({ valid: true });
  expect(environment.tables.item('Orders', 'o-1001')?.['timeline']).toEqual(before);
});

it('throws OrderNotFoundError for an unknown order', async () => {
  await expect(validate({ orderId: 'o-9' })).rejects.toMatchObject({ name: 'OrderNotFoundError' });
});
