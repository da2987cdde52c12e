import type { SQSBatchResponse } from 'aws-lambda';
import { anOrder, canaries, load, named, Surroundings } from './surroundings';

const mark = load<SQSBatchResponse>('mark-ended-order');
let around: Surroundings;
beforeEach(() => (around = new Surroundings()));
afterEach(() => {
  expect(around.leaked).toEqual([]);
  jest.restoreAllMocks();
});

const ended = (orderId: string, status = 'FAILED') => ({
  messageId: `m-${orderId}`,
  body: JSON.stringify({ detail: { name: orderId, status, input: canaries.email, cause: canaries.token } }),
});
const failures = async (...Records: object[]) =>
  (await mark({ Records })).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

it.each(['received', 'awaiting-approval'])('an order that is %s needs attention, and is watched', async (status) => {
  around.receive(anOrder(), { status: { S: status } });
  expect(await failures(ended('o-1001', 'TIMED_OUT'))).toEqual([]);
  expect(around.text('Orders', 'o-1001', 'status')).toBe('needs-attention');
  expect(around.text('Orders', 'o-1001', 'watch')).toBe('needs-attention');
  expect(around.timeline('o-1001')).toMatchObject({ 'needs-attention': 'execution TIMED_OUT' });
});

it.each(['confirmed', 'rejected', 'failed'])(
  'an order that is %s stays so, however late the end comes',
  async (status) => {
    around.receive(anOrder(), { status: { S: status } });
    expect(await failures(ended('o-1001'))).toEqual([]);
    expect(around.text('Orders', 'o-1001', 'status')).toBe(status);
    expect(around.text('Orders', 'o-1001', 'watch')).toBeUndefined();
  },
);

it('the same end again changes nothing', async () => {
  around.receive(anOrder());
  await failures(ended('o-1001'));
  const before = around.tables.item('Orders', 'o-1001');
  expect(await failures(ended('o-1001'), ended('o-1001'))).toEqual([]);
  expect(around.tables.item('Orders', 'o-1001')).toEqual(before);
});

it('an end of an order that is not known makes no order', async () => {
  expect(await failures(ended('o-9'))).toEqual([]);
  expect(around.tables.item('Orders', 'o-9')).toBeUndefined();
});

it('exactly the messages that could not be noted are returned, and say why by name alone', async () => {
  around.receive(anOrder({ orderId: 'o-1' }));
  around.receive(anOrder({ orderId: 'o-2' }));
  around.before = (command) => {
    if (JSON.stringify(command).includes('o-1')) throw named('ThrottlingException', canaries.email);
  };
  const noEnd = { messageId: 'm-none', body: `{"detail":{"status":"${canaries.token}"}}` };
  expect(await failures(ended('o-1'), noEnd, ended('o-2'))).toEqual(['m-o-1', 'm-none']);
  expect(around.text('Orders', 'o-2', 'status')).toBe('needs-attention');
  expect(around.lines).toContain('"errorName":"ThrottlingException"');
});
