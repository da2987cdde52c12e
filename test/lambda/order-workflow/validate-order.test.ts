import { anOrder, load, Surroundings } from './surroundings';

const validate = load<{ valid: boolean; reasons: string[]; units: number; total: string }>('validate-order');
let around: Surroundings;
beforeEach(() => {
  around = new Surroundings();
  around.tables.put('Inventory', { sku: { S: 'SKU-1' }, available: { N: '5' } });
});
afterEach(() => {
  expect(around.leaked).toEqual([]);
  jest.restoreAllMocks();
});

it('a right order is valid, and its total is in its record', async () => {
  around.receive(anOrder());
  expect(await validate({ orderId: 'o-1001' })).toEqual({ valid: true, reasons: [], units: 2, total: '25.00' });
  expect(around.text('Orders', 'o-1001', 'total')).toBe('25.00');
  expect(around.timeline('o-1001')).toMatchObject({ validated: 'valid' });
});

it('a wrong order is an answer with its reasons, in the record and not in the log', async () => {
  around.receive(anOrder({ items: [{ sku: 'SKU-unknown', quantity: 0, unitPrice: '1.00' }] }));
  const { valid, reasons } = await validate({ orderId: 'o-1001' });
  expect(valid).toBe(false);
  expect(around.timeline('o-1001')['validated']).toBe(reasons.join('; '));
  expect(around.lines).toContain('"wrong":2');
  expect(around.lines).not.toContain('SKU-unknown');
});

it('a repeated step judges again and keeps the moment of the first', async () => {
  around.receive(anOrder());
  await validate({ orderId: 'o-1001' });
  const before = around.tables.item('Orders', 'o-1001')?.['timeline'];
  expect(await validate({ orderId: 'o-1001' })).toMatchObject({ valid: true });
  expect(around.tables.item('Orders', 'o-1001')?.['timeline']).toEqual(before);
});

it('an order that is not there is an error that says so', async () => {
  await expect(validate({ orderId: 'o-9' })).rejects.toMatchObject({ name: 'OrderUnknown' });
});
