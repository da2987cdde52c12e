import {
  createOrder,
  canaries,
  functionEnvironment,
  loadHandler,
  namedError,
  TestEnvironment,
} from './test-environment';

const publish = loadHandler<undefined>('send-confirmation', { SENDER_EMAIL: undefined });
const mail = loadHandler<undefined>('send-confirmation', { SENDER_EMAIL: 'shop@example.com' });
const event = { orderId: 'o-1001', outcome: 'confirmed', reason: 'none' };
let environment: TestEnvironment;
beforeEach(() => {
  environment = new TestEnvironment();
  environment.putOrder(createOrder());
});
afterEach(() => {
  expect(environment.leaked).toEqual([]);
  jest.restoreAllMocks();
});

it('publishes one message without email address or payment method if there is no sender', async () => {
  for (let time = 0; time < 3; time++) await publish(event);
  expect(environment.published).toHaveLength(1);
  expect(environment.published[0]).toMatchObject({
    topic: functionEnvironment.CONFIRMATIONS_TOPIC_ARN,
    subject: 'Order o-1001 confirmed',
    message: { orderId: 'o-1001', customerId: 'c-7', outcome: 'confirmed', reason: 'none' },
  });
  for (const canary of Object.values(canaries)) expect(JSON.stringify(environment.published)).not.toContain(canary);
  expect(environment.mailed).toEqual([]);
});

it('emails the customer once, as text and HTML, if there is a sender', async () => {
  for (let time = 0; time < 3; time++) await mail(event);
  expect(environment.mailed).toHaveLength(1);
  const [sent] = environment.mailed;
  expect(sent?.FromEmailAddress).toBe('shop@example.com');
  expect(sent?.Destination).toEqual({ ToAddresses: [canaries.email] });
  expect(sent?.Content?.Simple?.Body?.Text?.Data).toContain('Total: 25.00 EUR');
  expect(sent?.Content?.Simple?.Body?.Html?.Data).toContain('<p>Your order o-1001 is confirmed.</p>');
  expect(environment.published).toEqual([]);
});

it('fails without logging the address if an email fails, and sends it on retry', async () => {
  environment.before = (command) => {
    if (command.constructor.name === 'SendEmailCommand') throw namedError('TooManyRequestsException');
  };
  await expect(mail(event)).rejects.toMatchObject({
    name: 'ServiceBusyError',
    message: 'TooManyRequestsException',
  });
  expect(environment.text('Orders', 'o-1001', 'notifiedOutcome')).toBeUndefined();
  environment.before = () => undefined;
  await mail(event);
  expect(environment.mailed).toHaveLength(1);
  expect(environment.timeline('o-1001')).toMatchObject({ 'customer notified': 'confirmed' });
});

it.each(['confirmed', 'rejected'])(
  'removes an order from the index once its customer is notified, %s before or now',
  async (outcome) => {
    const watched = { watch: { S: 'not-notified' }, watchedSince: { S: '2026-01-01T00:00:00.000Z' } };
    environment.putOrder(createOrder(), { ...watched, status: { S: 'confirmed' }, notifiedOutcome: { S: outcome } });
    await publish(event);
    expect(environment.text('Orders', 'o-1001', 'watch')).toBeUndefined();
    expect(environment.published).toHaveLength(outcome === 'confirmed' ? 0 : 1);
  },
);

it('sends nothing for an execution that was superseded by a restart', async () => {
  environment.putOrder(createOrder(), { generation: { N: '2' } });
  await expect(publish({ ...event, generation: 1 })).rejects.toMatchObject({ name: 'SupersededExecutionError' });
  expect(environment.published).toEqual([]);
});

it('notifies again of a different outcome', async () => {
  await publish(event);
  await publish({ orderId: 'o-1001', outcome: 'rejected', reason: 'out-of-stock' });
  expect(environment.published.map(({ subject }) => subject)).toEqual([
    'Order o-1001 confirmed',
    'Order o-1001 rejected',
  ]);
});

it('names the field of an invalid outcome', async () => {
  const wrong = publish({ orderId: 'o-1001', outcome: 'lost' });
  await expect(wrong).rejects.toThrow('wrong or missing: outcome, reason');
});
