import { createOrder, canaries, loadHandler, namedError, TestEnvironment } from './test-environment';

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

it('charges an order once however often the step repeats', async () => {
  environment.putOrder(createOrder());
  for (let time = 0; time < 3; time++) expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'charged' });
  expect(counts()).toEqual(['1', '0']);
  expect(environment.text('Payments', 'o-1001', 'cents')).toBe('2500');
  expect(Object.keys(environment.timeline('o-1001'))).toEqual(['received', 'charged']);
});

it('fails if the milestone cannot be recorded, and does not charge again on retry', async () => {
  environment.putOrder(createOrder());
  environment.before = (command) => {
    if (JSON.stringify(command).includes('if_not_exists')) throw namedError('ThrottlingException');
  };
  await expect(charge({ orderId: 'o-1001' })).rejects.toMatchObject({ name: 'ThrottlingException' });
  environment.before = () => undefined;
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'charged' });
  expect(counts()).toEqual(['1', '0']);
});

it('returns a decline as a result and records its reason', async () => {
  environment.putOrder(createOrder({ paymentMethod: 'pm-declined' }));
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'declined', reason: 'card-declined' });
  expect(environment.timeline('o-1001')).toMatchObject({ declined: 'card-declined' });
  expect(counts()).toEqual([undefined, undefined]);
});

it('throws the error that the state machine retries if the payment service is unavailable', async () => {
  environment.putOrder(createOrder({ paymentMethod: 'pm-unavailable' }));
  await expect(charge({ orderId: 'o-1001' })).rejects.toMatchObject({ name: 'PaymentUnavailableError' });
  expect(Object.keys(environment.timeline('o-1001'))).toEqual(['received']);
});

it('declines a charge that arrives after the refund', async () => {
  environment.putOrder(createOrder());
  environment.tables.put('Payments', { orderId: { S: 'o-1001' }, state: { S: 'voided' }, charges: { N: '0' } });
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'declined', reason: 'voided' });
});

it('names the fix for an unknown order and an invalid input, and repeats no value', async () => {
  await expect(charge({ orderId: 'o-9' })).rejects.toThrow('no order o-9 in Orders: send it to ReceiveOrder');
  const wrong = charge({ orderId: `o ${canaries.email}` });
  await expect(wrong).rejects.toMatchObject({
    name: 'InvalidInputError',
    message: 'wrong or missing: orderId',
  });
});
