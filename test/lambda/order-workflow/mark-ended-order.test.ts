import type { SQSBatchResponse } from 'aws-lambda';
import { createOrder, canaries, loadHandler, namedError, TestEnvironment } from './test-environment';

const mark = loadHandler<SQSBatchResponse>('mark-ended-order');
let environment: TestEnvironment;
beforeEach(() => (environment = new TestEnvironment()));
afterEach(() => {
  expect(environment.leaked).toEqual([]);
  jest.restoreAllMocks();
});

const ended = (orderId: string, status = 'FAILED', generation: number | null = 1) => ({
  messageId: `m-${orderId}`,
  body: JSON.stringify({
    detail: {
      name: 'n',
      status,
      input: JSON.stringify({ orderId, ...(generation === null ? {} : { generation }) }),
      cause: canaries.token,
    },
  }),
});
const failures = async (...Records: object[]) =>
  (await mark({ Records })).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

it.each(['received', 'awaiting-approval'])('marks an order that is %s as needs-attention', async (status) => {
  environment.putOrder(createOrder(), { status: { S: status } });
  expect(await failures(ended('o-1001', 'TIMED_OUT'))).toEqual([]);
  expect(environment.text('Orders', 'o-1001', 'status')).toBe('needs-attention');
  expect(environment.text('Orders', 'o-1001', 'watch')).toBe('needs-attention');
  expect(environment.timeline('o-1001')).toMatchObject({ 'needs-attention': 'execution TIMED_OUT' });
});

it.each(['confirmed', 'rejected', 'failed'])(
  'leaves an order that is %s unchanged however late the message arrives',
  async (status) => {
    environment.putOrder(createOrder(), { status: { S: status }, notifiedOutcome: { S: status } });
    expect(await failures(ended('o-1001'))).toEqual([]);
    expect(environment.text('Orders', 'o-1001', 'status')).toBe(status);
    expect(environment.text('Orders', 'o-1001', 'watch')).toBeUndefined();
  },
);

it.each(['confirmed', 'rejected', 'failed'])(
  'shows an order that is %s as not notified if its execution ended before the notification',
  async (status) => {
    environment.putOrder(createOrder(), { status: { S: status } });
    expect(await failures(ended('o-1001', 'ABORTED'))).toEqual([]);
    expect(environment.text('Orders', 'o-1001', 'status')).toBe(status);
    expect(environment.text('Orders', 'o-1001', 'watch')).toBe('not-notified');
  },
);

it('ignores the end of an execution that was superseded by a restart', async () => {
  environment.putOrder(createOrder(), { generation: { N: '2' } });
  expect(await failures(ended('o-1001', 'ABORTED', 1))).toEqual([]);
  expect(environment.text('Orders', 'o-1001', 'status')).toBe('received');
  expect(await failures(ended('o-1001', 'ABORTED', 2))).toEqual([]);
  expect(environment.text('Orders', 'o-1001', 'status')).toBe('needs-attention');
});

it('takes an execution without a generation for the first one', async () => {
  environment.putOrder(createOrder());
  expect(await failures(ended('o-1001', 'FAILED', null))).toEqual([]);
  expect(environment.text('Orders', 'o-1001', 'status')).toBe('needs-attention');
});

it('changes nothing if the same message arrives again', async () => {
  environment.putOrder(createOrder());
  await failures(ended('o-1001'));
  const before = environment.tables.item('Orders', 'o-1001');
  expect(await failures(ended('o-1001'), ended('o-1001'))).toEqual([]);
  expect(environment.tables.item('Orders', 'o-1001')).toEqual(before);
});

it('creates no order for an unknown id', async () => {
  expect(await failures(ended('o-9'))).toEqual([]);
  expect(environment.tables.item('Orders', 'o-9')).toBeUndefined();
});

it('returns exactly the failed messages and logs the name of the error alone', async () => {
  environment.putOrder(createOrder({ orderId: 'o-1' }));
  environment.putOrder(createOrder({ orderId: 'o-2' }));
  environment.before = (command) => {
    if (JSON.stringify(command).includes('o-1')) throw namedError('ThrottlingException', canaries.email);
  };
  const noEnd = { messageId: 'm-none', body: `{"detail":{"status":"${canaries.token}"}}` };
  expect(await failures(ended('o-1'), noEnd, ended('o-2'))).toEqual(['m-o-1', 'm-none']);
  expect(environment.text('Orders', 'o-2', 'status')).toBe('needs-attention');
  expect(environment.lines).toContain('"errorName":"ThrottlingException"');
});
