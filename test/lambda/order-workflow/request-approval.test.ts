import { anOrder, canaries, environment, load, named, Surroundings } from './surroundings';

const request = load<undefined>('request-approval');
const event = { orderId: 'o-1001', taskToken: canaries.token };
let around: Surroundings;
beforeEach(() => (around = new Surroundings()));
afterEach(() => {
  expect(around.leaked).toEqual([]);
  jest.restoreAllMocks();
});

it('the token is kept in the table, and approvers are told of the order without it', async () => {
  around.receive(anOrder());
  await request(event);
  expect(around.text('Approvals', 'o-1001', 'taskToken')).toBe(canaries.token);
  expect(around.text('Orders', 'o-1001', 'status')).toBe('awaiting-approval');
  expect(around.text('Orders', 'o-1001', 'watch')).toBe('awaiting-approval');
  expect(around.published).toEqual([
    {
      topic: environment.APPROVALS_TOPIC_ARN,
      subject: 'Order o-1001 to approve',
      message: {
        orderId: 'o-1001',
        customerId: 'c-7',
        items: anOrder().items,
        currency: 'EUR',
        total: '25.00',
        expiresAt: around.text('Approvals', 'o-1001', 'expiresAt'),
      },
    },
  ]);
  for (const canary of Object.values(canaries)) expect(JSON.stringify(around.published)).not.toContain(canary);
});

it('the longest id of an order leaves the subject below the 100 characters that a topic takes', async () => {
  const orderId = 'o'.repeat(80);
  around.receive(anOrder({ orderId }));
  await request({ ...event, orderId });
  expect(around.published[0]?.subject.length).toBeLessThan(100);
});

it('a repeated request keeps the token of the last, which is the one that is waited for', async () => {
  around.receive(anOrder());
  await request({ ...event, taskToken: 'first' });
  await request(event);
  expect(around.text('Approvals', 'o-1001', 'taskToken')).toBe(canaries.token);
});

it('a request that comes after the decision brings no new token', async () => {
  around.receive(anOrder());
  around.tables.put('Approvals', { orderId: { S: 'o-1001' }, decision: { S: 'approve' }, settled: { S: 'delivered' } });
  await expect(request(event)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  expect(around.text('Approvals', 'o-1001', 'taskToken')).toBeUndefined();
  expect(around.published).toEqual([]);
});

it('an order that ended meanwhile is not brought back', async () => {
  around.receive(anOrder(), { status: { S: 'needs-attention' } });
  await request(event);
  expect(around.text('Orders', 'o-1001', 'status')).toBe('needs-attention');
});

it('approvers who could not be told are an error, so that they are told again', async () => {
  around.receive(anOrder());
  around.before = (command) => {
    if (command.constructor.name === 'PublishCommand') throw named('ThrottledException');
  };
  await expect(request(event)).rejects.toMatchObject({ name: 'ThrottledException' });
  around.before = () => undefined;
  await request(event);
  expect(around.published).toHaveLength(1);
});

it('a request without its token is refused, and the error repeats none', async () => {
  await expect(request({ orderId: 'o-1001' })).rejects.toThrow('wrong or missing in the input: taskToken');
  await expect(request({ orderId: '', taskToken: canaries.token })).rejects.not.toThrow(canaries.token);
});
