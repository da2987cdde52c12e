import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeS3 } from '../../fakes/fake-s3';
import { FakeSQS } from '../../fakes/fake-sqs';
import { jsonRefusal } from '../../fakes/json-service';
import { lambdaContext, loadHandler, type LoadedHandler } from '../../fakes/load-handler';
import { anOrder } from './orders';

let sqs: FakeSQS;
let dynamodb: FakeDynamoDB;
let s3: FakeS3;
let handler: LoadedHandler<SQSBatchResponse>;
let output: CapturedOutput;
let endpoints: Record<string, string>;

beforeEach(async () => {
  sqs = new FakeSQS({
    Orders: { visibilityTimeoutSeconds: 120, redrive: { deadLetterQueue: 'Dead', maxReceiveCount: 5 } },
    Dead: {},
    'Orders.fifo': { visibilityTimeoutSeconds: 120 },
  });
  dynamodb = new FakeDynamoDB({
    Fulfilments: { partitionKey: 'orderId' },
    Stock: { partitionKey: 'sku' },
    FailureReasons: { partitionKey: 'messageId' },
  });
  s3 = new FakeS3({ payloads: 'Enabled' });
  dynamodb.put('Stock', { sku: { S: 'SKU-1' }, available: { N: '100' } });
  endpoints = { ...(await sqs.listen()), ...(await dynamodb.listen()), ...(await s3.listen()) };
  output = captureOutput();
  load('Orders');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all([sqs.close(), dynamodb.close(), s3.close()]);
});

function load(queue: string): void {
  handler = loadHandler<SQSBatchResponse>('queue-processor/fulfil-order', {
    ...endpoints,
    ORDERS_QUEUE_URL: sqs.urlOf(queue),
    FULFILMENTS_TABLE_NAME: 'Fulfilments',
    STOCK_TABLE_NAME: 'Stock',
    FAILURE_REASONS_TABLE_NAME: 'FailureReasons',
    PAYLOAD_BUCKET_NAME: 'payloads',
    MAXIMUM_RECEIVES: '5',
    BACKOFF_BASE_SECONDS: '5',
    BACKOFF_CAP_SECONDS: '300',
    SAFETY_MARGIN_MILLISECONDS: '3000',
  });
}

/** Sends messages and has the handler process them as one batch; returns the ids of those that it returned. */
async function deliver(bodies: readonly string[], milliseconds = 20_000, queue = 'Orders'): Promise<string[]> {
  for (const body of bodies) sqs.queue(queue).send({ MessageBody: body });
  const response = await sqs.deliver(queue, (event) => handler(event, lambdaContext(milliseconds)));
  return (response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
}

const orderWith = (orderId: string, change: object = {}) => JSON.stringify({ ...anOrder({ orderId }), ...change });
const available = () => dynamodb.item('Stock', { sku: { S: 'SKU-1' } })?.['available']?.N;
const statusOf = (orderId: string) => dynamodb.item('Fulfilments', { orderId: { S: orderId } })?.['status']?.S;
const reasonOf = (messageId: string) => dynamodb.item('FailureReasons', { messageId: { S: messageId } })?.['reason']?.S;
const hiddenFor = (messageId: string, queue = 'Orders') => {
  const message = sqs.queue(queue).messages.find((one) => one.messageId === messageId);
  return message === undefined ? undefined : Math.round((message.visibleAt - Date.now()) / 1_000);
};

it('a batch of valid orders takes effect and returns no failures', async () => {
  expect(await deliver(['o-1', 'o-2', 'o-3'].map((id) => orderWith(id)))).toEqual([]);
  expect(['o-1', 'o-2', 'o-3'].map(statusOf)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  expect(available()).toBe('94');
  expect(sqs.queue('Orders').messages).toEqual([]);
});

it('an order behind a claim check takes effect', async () => {
  s3.bucket('payloads').put('k', { body: Buffer.from(orderWith('o-1')) });
  expect(await deliver([JSON.stringify({ payload: { bucket: 'payloads', key: 'k' } })])).toEqual([]);
  expect(statusOf('o-1')).toBe('fulfilled');
});

it('exactly the failed messages are returned, with saved reasons and delays', async () => {
  const failed = await deliver([orderWith('o-1'), 'nonsense', orderWith('o-2')]);
  expect(failed).toEqual(['Orders-2']);
  expect(reasonOf('Orders-2')).toBe('malformed');
  expect(hiddenFor('Orders-2')).toBe(1);
});

it('a message that keeps failing is in the dead-letter queue after five receives', async () => {
  const body = JSON.stringify({ payload: { bucket: 'payloads', key: 'missing' } });
  sqs.queue('Orders').send({ MessageBody: body });
  for (let receive = 0; receive < 6; receive++) {
    await deliver([]);
    for (const message of sqs.queue('Orders').messages) message.visibleAt = 0;
  }
  expect(sqs.queue('Dead').messages.map((message) => message.body)).toEqual([body]);
  expect(reasonOf('Orders-1')).toBe('payload-missing');
});

it('with FIFO only the later orders of the same customer wait for a failed one', async () => {
  load('Orders.fifo');
  const bodies: [string, string][] = [
    ['a', JSON.stringify({ payload: { bucket: 'payloads', key: 'missing' } })],
    ['b', orderWith('b-1')],
    ['a', orderWith('a-2')],
    ['b', orderWith('b-2')],
  ];
  for (const [MessageGroupId, MessageBody] of bodies)
    sqs.queue('Orders.fifo').send({ MessageBody, MessageGroupId, MessageDeduplicationId: MessageBody });
  const failed = await deliver([], 20_000, 'Orders.fifo');
  expect(failed.sort()).toEqual(['Orders.fifo-1', 'Orders.fifo-3']);
  expect([statusOf('a-2'), statusOf('b-1'), statusOf('b-2')]).toEqual([undefined, 'fulfilled', 'fulfilled']);
  const hidden = hiddenFor('Orders.fifo-1', 'Orders.fifo') ?? 0;
  expect(hidden).toBeGreaterThanOrEqual(1);
  expect(hiddenFor('Orders.fifo-3', 'Orders.fifo')).toBe(hidden);
});

it('with FIFO an order does not use up receives behind a message that can only fail', async () => {
  load('Orders.fifo');
  for (const MessageBody of ['nonsense', orderWith('a-2')])
    sqs.queue('Orders.fifo').send({ MessageBody, MessageGroupId: 'a', MessageDeduplicationId: MessageBody });
  expect(await deliver([], 20_000, 'Orders.fifo')).toEqual(['Orders.fifo-1']);
  expect(statusOf('a-2')).toBe('fulfilled');
});

it('the groups of a standard queue order nothing', async () => {
  for (const body of ['nonsense', orderWith('o-2')])
    sqs.queue('Orders').send({ MessageBody: body, MessageGroupId: 'tenant' });
  expect(await deliver([])).toEqual(['Orders-1']);
  expect(statusOf('o-2')).toBe('fulfilled');
});

it('a conflict is retried within the invocation', async () => {
  const CancellationReasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }];
  let attempts = 0;
  dynamodb.before = ({ operation }) =>
    operation === 'TransactWriteItems' && ++attempts < 3
      ? jsonRefusal('TransactionCanceledException', 'canceled', { CancellationReasons })
      : undefined;
  expect(await deliver([orderWith('o-1')])).toEqual([]);
  expect([attempts, statusOf('o-1')]).toEqual([3, 'fulfilled']);
});

it('a transaction whose answer was lost takes effect once', async () => {
  let lost = 0;
  dynamodb.after = ({ operation }) =>
    operation === 'TransactWriteItems' && lost++ === 0
      ? jsonRefusal('InternalServerError', 'lost', {}, 500)
      : undefined;
  expect(await deliver([orderWith('o-1')])).toEqual([]);
  expect([statusOf('o-1'), available()]).toEqual(['fulfilled', '98']);
});

it('the function returns half a second before its timeout even if the tables never answer', async () => {
  dynamodb.before = ({ operation }) => (operation === 'TransactWriteItems' ? new Promise(() => undefined) : undefined);
  const milliseconds = 3_600;
  // A timer, not the time: on a machine that stands still for a moment both are late.
  const isLate = jest.fn();
  const timer = setTimeout(isLate, milliseconds - 500);
  const failed = await deliver(
    Array.from({ length: 10 }, (_, index) => orderWith(`o-${index}`)),
    milliseconds,
  );
  expect(failed).toHaveLength(10);
  expect(isLate).not.toHaveBeenCalled();
  clearTimeout(timer);
  // Five were started and stopped, each with a reason if there was time to save it; five have neither a reason nor a delay.
  const reasons = failed.filter((id) => reasonOf(id) === 'out-of-time').length;
  const delays = failed.filter((id) => (hiddenFor(id) ?? 0) > 100).length;
  for (const count of [reasons, delays]) {
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(5);
  }
});

it('returns all messages untried when no time is left', async () => {
  expect(await deliver([orderWith('o-1')], 2_900)).toEqual(['Orders-1']);
  expect([dynamodb.requests, sqs.requests]).toEqual([[], []]);
});

it('an event that is not a batch of messages is an error', async () => {
  await expect(handler({ detail: 'jane@example.com' })).rejects.toThrow(/not a batch of SQS/);
});

it('logs have the ids and the outcome of each message, and nothing of its content', async () => {
  const canaries = ['4111 1111 1111 1111', '4111111111111111', 'jane@example.com', 'tok_canary', 'Jane Doe'];
  const [spaced, card = '', mail = '', token = '', name] = canaries;
  let transactions = 0;
  dynamodb.before = ({ operation }) =>
    operation === 'TransactWriteItems' && ++transactions === 1
      ? jsonRefusal('ValidationException', `item ${mail} ${card}`)
      : undefined;
  const bodies = [
    `${card} ${mail}`,
    `{"orderId":"${mail}","card":"${card}"`,
    orderWith('o-7', { card, mail, token, name }),
    orderWith(mail),
    orderWith('o-8', { customerId: mail, items: [{ sku: token, quantity: 1 }] }),
    orderWith('o-9', { [mail]: 1, items: [{ sku: 1, quantity: spaced, [token]: name }] }),
    JSON.stringify({ payload: { bucket: mail, key: card } }),
    JSON.stringify({ payload: { bucket: 'payloads', key: `${name}/${token}` } }),
  ];
  await deliver(bodies);

  for (const canary of canaries) expect(output.text).not.toContain(canary);
  const logged = [...output.lines('order processed'), ...output.lines('order failed')];
  expect(logged.map(({ messageId }) => String(messageId)).sort()).toEqual(
    bodies.map((_, index) => `Orders-${index + 1}`),
  );
  expect(logged.find(({ orderId }) => orderId === 'o-8')).toMatchObject({ outcome: 'backordered', receiveCount: 1 });
  for (const { body, operation } of dynamodb.requests.filter((one) => one.operation === 'PutItem'))
    if (body.includes('FailureReasons'))
      for (const canary of canaries) expect([operation, body.toString()].join()).not.toContain(canary);
});

it('outcomes of messages are counted', async () => {
  await deliver([orderWith('o-1'), 'nonsense']);
  expect(output.text).toContain('"Fulfilled":1');
  expect(output.text).toContain('"Failed":1');
});

it('a batch of another event source is not processed', async () => {
  const event = { Records: [{ eventSource: 'aws:s3' }] } as unknown as SQSEvent;
  await expect(handler(event)).rejects.toThrow(/wrong at/);
});
