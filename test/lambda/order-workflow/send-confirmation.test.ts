import { anOrder, canaries, environment, load, named, Surroundings } from './surroundings';

const publish = load<undefined>('send-confirmation', { SENDER_EMAIL: undefined });
const mail = load<undefined>('send-confirmation', { SENDER_EMAIL: 'shop@example.com' });
const event = { orderId: 'o-1001', outcome: 'confirmed', reason: 'none' };
let around: Surroundings;
beforeEach(() => {
  around = new Surroundings();
  around.receive(anOrder());
});
afterEach(() => {
  expect(around.leaked).toEqual([]);
  jest.restoreAllMocks();
});

it('without a sender the topic is told once, without address or payment method', async () => {
  for (let time = 0; time < 3; time++) await publish(event);
  expect(around.published).toHaveLength(1);
  expect(around.published[0]).toMatchObject({
    topic: environment.CONFIRMATIONS_TOPIC_ARN,
    subject: 'Order o-1001 confirmed',
    message: { orderId: 'o-1001', customerId: 'c-7', outcome: 'confirmed', reason: 'none' },
  });
  for (const canary of Object.values(canaries)) expect(JSON.stringify(around.published)).not.toContain(canary);
  expect(around.mailed).toEqual([]);
});

it('with a sender the customer is mailed once, with text and HTML', async () => {
  for (let time = 0; time < 3; time++) await mail(event);
  expect(around.mailed).toHaveLength(1);
  const [sent] = around.mailed;
  expect(sent?.FromEmailAddress).toBe('shop@example.com');
  expect(sent?.Destination).toEqual({ ToAddresses: [canaries.email] });
  expect(sent?.Content?.Simple?.Body?.Text?.Data).toContain('Total: 25.00 EUR');
  expect(sent?.Content?.Simple?.Body?.Html?.Data).toContain('<p>Your order o-1001 is confirmed.</p>');
  expect(around.published).toEqual([]);
});

it('a mail that fails is an error without the address in its line, and is sent when it comes again', async () => {
  around.before = (command) => {
    if (command.constructor.name === 'SendEmailCommand') throw named('TooManyRequestsException');
  };
  await expect(mail(event)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  expect(around.text('Orders', 'o-1001', 'toldOf')).toBeUndefined();
  around.before = () => undefined;
  await mail(event);
  expect(around.mailed).toHaveLength(1);
  expect(around.timeline('o-1001')).toMatchObject({ 'customer told': 'confirmed' });
});

it('another outcome is told after the first', async () => {
  await publish(event);
  await publish({ orderId: 'o-1001', outcome: 'rejected', reason: 'out-of-stock' });
  expect(around.published.map(({ subject }) => subject)).toEqual(['Order o-1001 confirmed', 'Order o-1001 rejected']);
});

it('an outcome that there is not is refused by its field', async () => {
  const wrong = publish({ orderId: 'o-1001', outcome: 'lost' });
  await expect(wrong).rejects.toThrow('wrong or missing in the input: outcome, reason');
});
