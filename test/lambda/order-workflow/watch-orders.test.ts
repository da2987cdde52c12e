import { createOrder, loadHandler, namedError, TestEnvironment } from './test-environment';

const watch = loadHandler<undefined>('watch-orders');
let environment: TestEnvironment;
beforeEach(() => {
  environment = new TestEnvironment();
  jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 1));
});
afterEach(() => {
  expect(environment.leaked).toEqual([]);
  jest.restoreAllMocks();
});

function waiting(orderId: string, status: string, seconds: number): void {
  const since = new Date(Date.now() - seconds * 1_000).toISOString();
  environment.putOrder(createOrder({ orderId }), {
    status: { S: status },
    watch: { S: status },
    watchedSince: { S: since },
  });
}

const metrics = () => {
  const line = environment.lines.split('\n').find((one) => one.includes('_aws')) ?? '{}';
  return JSON.parse(line) as Record<string, unknown>;
};

it('counts orders that need attention and reports the age of the oldest approval', async () => {
  waiting('o-1', 'needs-attention', 10);
  waiting('o-2', 'needs-attention', 20);
  waiting('o-6', 'needs-attention', 5_000);
  waiting('o-3', 'awaiting-approval', 100);
  waiting('o-4', 'awaiting-approval', 4_000);
  waiting('o-7', 'not-notified', 30);
  environment.putOrder(createOrder({ orderId: 'o-5' }));
  await watch({});
  const expected = { NeedsAttention: 3, NotNotified: 1, StuckOrders: 0, OldestApproval: 4_000 };
  expect(metrics()).toMatchObject({ OrdersTable: 'Orders', ...expected });
});

it('counts orders that are received for longer than an execution may take', async () => {
  waiting('o-1', 'received', 86_399);
  waiting('o-2', 'received', 86_400);
  waiting('o-3', 'received', 900_000);
  await watch({});
  expect(metrics()).toMatchObject({ NeedsAttention: 0, StuckOrders: 2 });
});

it('reports zero if no order waits, so that alarms end', async () => {
  await watch({});
  expect(metrics()).toMatchObject({ NeedsAttention: 0, NotNotified: 0, StuckOrders: 0, OldestApproval: 0 });
});

it('writes the metrics as one whole line, as CloudWatch requires', async () => {
  await watch({});
  expect(environment.lines.split('\n').filter((line) => line.startsWith('{"_aws":'))).toHaveLength(1);
});

it('reports no metrics if the query fails, since zero would end an alarm', async () => {
  environment.before = () => {
    throw namedError('ThrottlingException');
  };
  await expect(watch({})).rejects.toMatchObject({ name: 'ThrottlingException' });
  expect(metrics()).toEqual({});
});
