import { createOrder, loadHandler, namedError, TestEnvironment } from './test-environment';

const refund = loadHandler<{ outcome: string }>('refund-payment');
const charge = loadHandler<{ outcome: string }>('charge-payment');
let environment: TestEnvironment;
beforeEach(() => (environment = new TestEnvironment()));
afterEach(() => {
  expect(environment.leaked).toEqual([]);
  jest.restoreAllMocks();
});

const counts = () => [
  environment.text('Payments', 'o-1001', 'charges'),
  environment.text('Payments', 'o-1001', 'refunds'),
];

it('refunds a charge once however often the step repeats', async () => {
  environment.putOrder(createOrder());
  await charge({ orderId: 'o-1001' });
  for (let time = 0; time < 3; time++) expect(await refund({ orderId: 'o-1001' })).toEqual({ outcome: 'refunded' });
  expect(counts()).toEqual(['1', '1']);
  expect(Object.keys(environment.timeline('o-1001'))).toEqual([
    'received',
    'charge requested',
    'charged',
    'refund requested',
    'refunded',
  ]);
});

it('voids a charge that was never made and declines it if it arrives late', async () => {
  environment.putOrder(createOrder());
  expect(await refund({ orderId: 'o-1001' })).toEqual({ outcome: 'voided' });
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'declined', reason: 'voided' });
  expect(counts()).toEqual(['0', '0']);
  expect(Object.keys(environment.timeline('o-1001'))).toContain('charge voided');
});

it('refunds once if the first response is lost', async () => {
  environment.putOrder(createOrder());
  await charge({ orderId: 'o-1001' });
  let lost = false;
  environment.after = (command) => {
    if (lost || !JSON.stringify(command).includes('Payments')) return;
    lost = true;
    throw namedError('TimeoutError');
  };
  await expect(refund({ orderId: 'o-1001' })).rejects.toMatchObject({ name: 'ServiceBusyError' });
  expect(await refund({ orderId: 'o-1001' })).toEqual({ outcome: 'refunded' });
  expect(counts()).toEqual(['1', '1']);
});

it('records the request first, so that no charge follows a refund with unknown outcome', async () => {
  environment.putOrder(createOrder({ paymentMethod: 'pm-visa' }));
  environment.before = (command) => {
    if (JSON.stringify(command).includes('"Payments"')) throw namedError('Killed');
  };
  await expect(refund({ orderId: 'o-1001' })).rejects.toMatchObject({ name: 'Killed' });
  environment.before = () => undefined;
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'declined', reason: 'voided' });
  expect(counts()).toEqual([undefined, undefined]);
});

it('refunds nothing for an execution that was superseded by a restart', async () => {
  environment.putOrder(createOrder(), { generation: { N: '2' } });
  await expect(refund({ orderId: 'o-1001', generation: 1 })).rejects.toMatchObject({
    name: 'SupersededExecutionError',
  });
  expect(environment.timeline('o-1001')).toEqual({ received: '' });
});

it('refuses an input without an order id', async () => {
  await expect(refund({})).rejects.toMatchObject({ name: 'InvalidInputError' });
});
