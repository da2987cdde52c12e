import { anOrder, load, named, Surroundings } from './surroundings';

const refund = load<{ outcome: string }>('refund-payment');
const charge = load<{ outcome: string }>('charge-payment');
let around: Surroundings;
beforeEach(() => (around = new Surroundings()));
afterEach(() => {
  expect(around.leaked).toEqual([]);
  jest.restoreAllMocks();
});

const counts = () => [around.text('Payments', 'o-1001', 'charges'), around.text('Payments', 'o-1001', 'refunds')];

it('a charge is refunded once, however often the step is repeated', async () => {
  around.receive(anOrder());
  await charge({ orderId: 'o-1001' });
  for (let time = 0; time < 3; time++) expect(await refund({ orderId: 'o-1001' })).toEqual({ outcome: 'refunded' });
  expect(counts()).toEqual(['1', '1']);
  expect(Object.keys(around.timeline('o-1001'))).toEqual(['received', 'charged', 'refunded']);
});

it('a charge that was never made is voided, and one that arrives late is declined', async () => {
  around.receive(anOrder());
  expect(await refund({ orderId: 'o-1001' })).toEqual({ outcome: 'voided' });
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'declined', reason: 'voided' });
  expect(counts()).toEqual(['0', '0']);
  expect(Object.keys(around.timeline('o-1001'))).toContain('charge voided');
});

it('a refund whose answer is lost is made once', async () => {
  around.receive(anOrder());
  await charge({ orderId: 'o-1001' });
  let lost = false;
  around.after = () => {
    if (lost) return;
    lost = true;
    throw named('TimeoutError');
  };
  await expect(refund({ orderId: 'o-1001' })).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(await refund({ orderId: 'o-1001' })).toEqual({ outcome: 'refunded' });
  expect(counts()).toEqual(['1', '1']);
});

it('a step without an order is refused', async () => {
  await expect(refund({})).rejects.toMatchObject({ name: 'InvalidInput' });
});
