import { anOrder, canaries, load, named, Surroundings } from './surroundings';

const charge = load<{ outcome: string }>('charge-payment');
let around: Surroundings;
beforeEach(() => (around = new Surroundings()));
afterEach(() => {
  expect(around.leaked).toEqual([]);
  jest.restoreAllMocks();
});

const counts = () => [around.text('Payments', 'o-1001', 'charges'), around.text('Payments', 'o-1001', 'refunds')];

it('an order is charged once, however often the step is repeated', async () => {
  around.receive(anOrder());
  for (let time = 0; time < 3; time++) expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'charged' });
  expect(counts()).toEqual(['1', '0']);
  expect(around.text('Payments', 'o-1001', 'cents')).toBe('2500');
  expect(Object.keys(around.timeline('o-1001'))).toEqual(['received', 'charged']);
});

it('a charge whose milestone could not be written is an error, and is not made again', async () => {
  around.receive(anOrder());
  around.before = (command) => {
    if (JSON.stringify(command).includes('if_not_exists')) throw named('ThrottlingException');
  };
  await expect(charge({ orderId: 'o-1001' })).rejects.toMatchObject({ name: 'ThrottlingException' });
  around.before = () => undefined;
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'charged' });
  expect(counts()).toEqual(['1', '0']);
});

it('a decline is an answer with its reason in the timeline', async () => {
  around.receive(anOrder({ paymentMethod: 'pm-declined' }));
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'declined', reason: 'card-declined' });
  expect(around.timeline('o-1001')).toMatchObject({ declined: 'card-declined' });
  expect(counts()).toEqual([undefined, undefined]);
});

it('a service that cannot be asked is an error under the name that the state machine tries again by', async () => {
  around.receive(anOrder({ paymentMethod: 'pm-unavailable' }));
  await expect(charge({ orderId: 'o-1001' })).rejects.toMatchObject({ name: 'PaymentUnavailable' });
  expect(Object.keys(around.timeline('o-1001'))).toEqual(['received']);
});

it('a charge that arrives after the refund is declined', async () => {
  around.receive(anOrder());
  around.tables.put('Payments', { orderId: { S: 'o-1001' }, state: { S: 'voided' }, charges: { N: '0' } });
  expect(await charge({ orderId: 'o-1001' })).toEqual({ outcome: 'declined', reason: 'voided' });
});

it('an order that is not there, and an input that is none, say what to do and repeat no value', async () => {
  await expect(charge({ orderId: 'o-9' })).rejects.toThrow('no order o-9 in Orders: start it by ReceiveOrder');
  const wrong = charge({ orderId: `o ${canaries.email}` });
  await expect(wrong).rejects.toMatchObject({
    name: 'InvalidInput',
    message: 'wrong or missing in the input: orderId',
  });
});
