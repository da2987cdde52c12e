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
  expect(environment.text('Payments', 'o-1001', 'amount')).toBe('25.00');
  expect(Object.keys(environment.timeline('o-1001')).sort()).toEqual(['charge requested', 'charged', 'received']);
});

it('fails if the milestone cannot be recorded, and does not charge again on retry', async () => {
  environment.putOrder(createOrder());
  environment.before = (command) => {
    if (JSON.stringify(command).includes('"charged"}')) throw namedError('ThrottlingException');
  };
  await expect(charge({ orderId: 'o-1001' })).rejects.toMatchObject({ name: 'ServiceBusyError' });
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
  expect(Object.keys(environment.timeline('o-1001'))).toEqual(['received', 'charge requested']);
});

it('declines a charge that arrives after the refund', async () => {
  environment.putOrder(createOrder());
  environment.tables.put('Payments', { orderId: { S: 'o-1001' }, state: { S: 'voided' }, charges: { N: '0' } });
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'declined', reason: 'voided' });
});

it('returns a recorded charge without asking the payment service again', async () => {
  const timeline = { M: { charged: { M: { at: { S: '2026-01-01T00:00:00.000Z' } } } } };
  environment.putOrder(createOrder({ paymentMethod: 'pm-unavailable' }), { timeline });
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'charged' });
  expect(counts()).toEqual([undefined, undefined]);
});

it.each([
  ['3600', 3_599, 'charged'],
  ['3600', 3_601, 'ChargeExpiredError'],
  [undefined, 1_000_000, 'charged'],
])('with a window of %s s, an attempt %i s after the first ends as %s', async (window, seconds, outcome) => {
  const handler = loadHandler<{ outcome: string }>('charge-payment', { CHARGE_WINDOW_SECONDS: window });
  const at = new Date(Date.now() - seconds * 1_000).toISOString();
  const timeline = { M: { 'charge requested': { M: { at: { S: at } } } } };
  environment.putOrder(createOrder(), { timeline });
  const result = await handler({ orderId: 'o-1001' }).catch((error: unknown) => ({ outcome: (error as Error).name }));
  expect(result).toEqual({ outcome });
  expect(environment.text('Payments', 'o-1001', 'charges')).toBe(outcome === 'charged' ? '1' : undefined);
});

it('charges nothing for an order in a terminal state or for a superseded execution', async () => {
  environment.putOrder(createOrder(), { status: { S: 'failed' } });
  await expect(charge({ orderId: 'o-1001' })).rejects.toMatchObject({ name: 'OrderEndedError' });
  environment.putOrder(createOrder(), { generation: { N: '2' } });
  const superseded = charge({ orderId: 'o-1001', generation: 1 });
  await expect(superseded).rejects.toMatchObject({ name: 'SupersededExecutionError' });
  expect(counts()).toEqual([undefined, undefined]);
});

it('names the fix for an unknown order and an invalid input, and repeats no value', async () => {
  await expect(charge({ orderId: 'o-9' })).rejects.toThrow('no order o-9 in Orders: send it to ReceiveOrder');
  const wrong = charge({ orderId: `o ${canaries.email}` });
  await expect(wrong).rejects.toMatchObject({
    name: 'InvalidInputError',
    message: 'wrong or missing: orderId',
  });
});
