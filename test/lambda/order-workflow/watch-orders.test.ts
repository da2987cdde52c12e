import { anOrder, load, named, Surroundings } from './surroundings';

const watch = load<undefined>('watch-orders');
let around: Surroundings;
beforeEach(() => {
  around = new Surroundings();
  jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 1));
});
afterEach(() => {
  expect(around.leaked).toEqual([]);
  jest.restoreAllMocks();
});

function waiting(orderId: string, status: string, seconds: number): void {
  const since = new Date(Date.now() - seconds * 1_000).toISOString();
  around.receive(anOrder({ orderId }), { status: { S: status }, watch: { S: status }, watchedSince: { S: since } });
}

const figures = () => {
  const line = around.lines.split('\n').find((one) => one.includes('_aws')) ?? '{}';
  return JSON.parse(line) as Record<string, unknown>;
};

it('the orders that need attention are counted, and the oldest approval is the one that waits longest', async () => {
  waiting('o-1', 'needs-attention', 10);
  waiting('o-2', 'needs-attention', 20);
  waiting('o-6', 'needs-attention', 5_000);
  waiting('o-3', 'awaiting-approval', 100);
  waiting('o-4', 'awaiting-approval', 4_000);
  around.receive(anOrder({ orderId: 'o-5' }));
  await watch({});
  expect(figures()).toMatchObject({ OrdersTable: 'Orders', NeedsAttention: 3, OldestApproval: 4_000 });
});

it('without any the figures are zero, so that alarms end', async () => {
  await watch({});
  expect(figures()).toMatchObject({ NeedsAttention: 0, OldestApproval: 0 });
});

it('the line of the metrics is the whole line, which CloudWatch wants', async () => {
  await watch({});
  expect(around.lines.split('\n').filter((line) => line.startsWith('{"_aws":'))).toHaveLength(1);
});

it('a table that cannot be asked gives no figures: zero would end an alarm', async () => {
  around.before = () => {
    throw named('ThrottlingException');
  };
  await expect(watch({})).rejects.toMatchObject({ name: 'ThrottlingException' });
  expect(figures()).toEqual({});
});
