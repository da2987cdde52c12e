import {
  createOrder,
  canaries,
  functionEnvironment,
  loadHandler,
  namedError,
  TestEnvironment,
} from './test-environment';

const request = loadHandler<undefined>('request-approval');
const event = { orderId: 'o-1001', taskToken: canaries.token, timeoutSeconds: 600 };
let environment: TestEnvironment;
beforeEach(() => (environment = new TestEnvironment()));
afterEach(() => {
  expect(environment.leaked).toEqual([]);
  jest.restoreAllMocks();
});

it('saves the task token in the table and notifies the approvers without it', async () => {
  environment.putOrder(createOrder());
  await request(event);
  expect(environment.text('Approvals', 'o-1001', 'taskToken')).toBe(canaries.token);
  expect(environment.text('Orders', 'o-1001', 'status')).toBe('awaiting-approval');
  expect(environment.text('Orders', 'o-1001', 'watch')).toBe('awaiting-approval');
  expect(environment.published).toEqual([
    {
      topic: functionEnvironment.APPROVALS_TOPIC_ARN,
      subject: 'Order o-1001 to approve',
      message: {
        orderId: 'o-1001',
        customerId: 'c-7',
        items: createOrder().items,
        currency: 'EUR',
        total: '25.00',
        expiresAt: environment.text('Approvals', 'o-1001', 'expiresAt'),
      },
    },
  ]);
  for (const canary of Object.values(canaries)) expect(JSON.stringify(environment.published)).not.toContain(canary);
});

it('keeps the subject below the 100 characters of SNS for the longest order id', async () => {
  const orderId = 'o'.repeat(80);
  environment.putOrder(createOrder({ orderId }));
  await request({ ...event, orderId });
  expect(environment.published[0]?.subject.length).toBeLessThan(100);
});

it('keeps the task token of the latest request, which is the one that is waited for', async () => {
  environment.putOrder(createOrder());
  await request({ ...event, taskToken: 'first' });
  await request(event);
  expect(environment.text('Approvals', 'o-1001', 'taskToken')).toBe(canaries.token);
});

it('sends a decision that was made after an earlier execution ended, and asks nobody again', async () => {
  environment.putOrder(createOrder());
  environment.tables.put('Approvals', { orderId: { S: 'o-1001' }, decision: { S: 'reject' }, approver: { S: 'a-1' } });
  await request(event);
  expect(environment.delivered).toEqual([{ token: canaries.token, output: { decision: 'reject', approver: 'a-1' } }]);
  expect(environment.text('Approvals', 'o-1001', 'settled')).toBe('delivered');
  expect(environment.text('Approvals', 'o-1001', 'taskToken')).toBeUndefined();
  expect(environment.published).toEqual([]);
});

it('leaves the status of an order that needs attention unchanged', async () => {
  environment.putOrder(createOrder(), { status: { S: 'needs-attention' } });
  await request(event);
  expect(environment.text('Orders', 'o-1001', 'status')).toBe('needs-attention');
});

it('fails if the approvers cannot be notified, and notifies them on retry', async () => {
  environment.putOrder(createOrder());
  environment.before = (command) => {
    if (command.constructor.name === 'PublishCommand') throw namedError('ThrottledException');
  };
  await expect(request(event)).rejects.toMatchObject({ name: 'ServiceBusyError', message: 'ThrottledException' });
  environment.before = () => undefined;
  await request(event);
  expect(environment.published).toHaveLength(1);
});

it('refuses an input without a task token and repeats no value', async () => {
  await expect(request({ orderId: 'o-1001', timeoutSeconds: 600 })).rejects.toThrow('wrong or missing: taskToken');
  await expect(request({ ...event, orderId: '' })).rejects.not.toThrow(canaries.token);
});
