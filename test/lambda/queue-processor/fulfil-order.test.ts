import {
  DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { anOrder } from './orders';
import { aRecord } from './records';

type Handler = (event: unknown, context: Context) => Promise<SQSBatchResponse>;

let handler: Handler;
beforeAll(() => {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    ORDERS_QUEUE_URL: 'https://sqs.test/orders',
    FULFILMENTS_TABLE_NAME: 'Fulfilments',
    STOCK_TABLE_NAME: 'Stock',
    FAILURE_REASONS_TABLE_NAME: 'FailureReasons',
    PAYLOAD_BUCKET_NAME: 'payloads',
    MAXIMUM_RECEIVES: '5',
    BACKOFF_BASE_SECONDS: '5',
    BACKOFF_CAP_SECONDS: '300',
    SAFETY_MARGIN_MILLISECONDS: '3000',
    POWERTOOLS_SERVICE_NAME: 'queue-processor',
    POWERTOOLS_METRICS_NAMESPACE: 'Test',
  });
  // After the environment, which it reads when it is loaded.
  ({ handler } = jest.requireActual<{ handler: Handler }>('../../../lambda/queue-processor/fulfil-order'));
});

let calls: unknown[];
let lines: string;
/** DynamoDB's response to a transaction; the default accepts it. */
let transact: (signal: AbortSignal) => Promise<unknown>;

beforeEach(() => {
  calls = [];
  lines = '';
  transact = async () => ({});
  const write = (text: string | Uint8Array): boolean => {
    lines += String(text);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(write);
  jest.spyOn(process.stderr, 'write').mockImplementation(write);
  const answer = async (command: unknown, options?: { abortSignal: AbortSignal }) => {
    calls.push(command);
    return command instanceof TransactWriteItemsCommand ? transact(options!.abortSignal) : {};
  };
  for (const client of [DynamoDBClient, S3Client, SQSClient]) {
    jest.spyOn(client.prototype, 'send').mockImplementation(answer as never);
  }
});
afterEach(() => jest.restoreAllMocks());

function contextWith(milliseconds: number): Context {
  const end = Date.now() + milliseconds;
  return { getRemainingTimeInMillis: () => end - Date.now(), awsRequestId: 'r-1' } as Context;
}

const handle = (records: SQSRecord[], milliseconds = 20_000) =>
  handler({ Records: records }, contextWith(milliseconds));
const failuresOf = ({ batchItemFailures }: SQSBatchResponse) => batchItemFailures.map((one) => one.itemIdentifier);
const callsOf = (type: new (...input: never[]) => unknown) => calls.filter((call) => call instanceof type);

it('a batch of valid orders returns no failures', async () => {
  const records = ['1', '2', '3'].map((id) =>
    aRecord({ messageId: id, body: JSON.stringify(anOrder({ orderId: `o-${id}` })) }),
  );
  expect(await handle(records)).toEqual({ batchItemFailures: [] });
  expect(callsOf(TransactWriteItemsCommand)).toHaveLength(3);
});

it('exactly the failed messages are returned, with saved reasons and delays', async () => {
  const records = [
    aRecord({ messageId: 'good' }),
    aRecord({ messageId: 'bad', body: 'nonsense', receiveCount: 2 }),
    aRecord({ messageId: 'good-too', body: JSON.stringify(anOrder({ orderId: 'o-2' })) }),
  ];
  expect(failuresOf(await handle(records))).toEqual(['bad']);
  expect(callsOf(PutItemCommand).map((call) => (call as PutItemCommand).input)).toMatchObject([
    { TableName: 'FailureReasons', Item: { messageId: { S: 'bad' }, reason: { S: 'malformed' } } },
  ]);
  expect(callsOf(ChangeMessageVisibilityCommand).map((call) => (call as ChangeMessageVisibilityCommand).input)).toEqual(
    [{ QueueUrl: 'https://sqs.test/orders', ReceiptHandle: 'handle of bad', VisibilityTimeout: 1 }],
  );
});

it('with FIFO only the later orders of the same customer wait for a failed one', async () => {
  const record = (messageId: string, group: string, body?: string) =>
    aRecord({ messageId, group, fifo: true, ...(body === undefined ? {} : { body }) });
  const records = [record('a1', 'a', 'nonsense'), record('b1', 'b'), record('a2', 'a'), record('b2', 'b')];
  expect(failuresOf(await handle(records)).sort()).toEqual(['a1', 'a2']);
  expect(callsOf(TransactWriteItemsCommand)).toHaveLength(2);
});

it('a conflict is retried within the invocation', async () => {
  let attempts = 0;
  transact = async () => {
    if (++attempts < 3) {
      throw new TransactionCanceledException({
        message: 'canceled',
        $metadata: {},
        CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
      });
    }
    return {};
  };
  expect(failuresOf(await handle([aRecord()]))).toEqual([]);
  expect(attempts).toBe(3);
});

it('the function returns half a second before its timeout even if the tables never answer', async () => {
  transact = () => new Promise(() => undefined);
  const records = Array.from({ length: 10 }, (_, index) => aRecord({ messageId: `m-${index}` }));
  const milliseconds = 3_200;
  const started = Date.now();
  expect(failuresOf(await handle(records, milliseconds))).toHaveLength(10);
  expect(milliseconds - (Date.now() - started)).toBeGreaterThanOrEqual(500);
  // Five were started and stopped with a reason; five were not started and have neither a reason nor a delay.
  expect(callsOf(PutItemCommand)).toHaveLength(5);
  expect(callsOf(ChangeMessageVisibilityCommand)).toHaveLength(5);
});

it('returns all messages untried when no time is left', async () => {
  expect(failuresOf(await handle([aRecord({ messageId: 'm-1' })], 2_900))).toEqual(['m-1']);
  expect(calls).toEqual([]);
});

it('an event that is not a batch of messages is an error', async () => {
  await expect(handler({ detail: 'jane@example.com' }, contextWith(20_000))).rejects.toThrow(/not a batch of SQS/);
});

it('logs have the ids and the outcome of each message, and nothing of its content', async () => {
  const canaries = ['4111 1111 1111 1111', '4111111111111111', 'jane@example.com', 'tok_canary', 'Jane Doe'];
  const [spaced, card, mail, token, name] = canaries;
  const bodies = [
    `${card} ${mail}`,
    `{"orderId":"${mail}","card":"${card}"`,
    JSON.stringify({ ...anOrder({ orderId: 'o-7' }), card, mail, token, name }),
    JSON.stringify({ ...anOrder(), orderId: mail }),
    JSON.stringify(anOrder({ orderId: 'o-8', customerId: mail!, items: [{ sku: token!, quantity: 1 }] })),
    JSON.stringify({ ...anOrder(), [mail!]: 1, items: [{ sku: 1, quantity: spaced, [token!]: name }] }),
    JSON.stringify({ payload: { bucket: mail, key: card } }),
    JSON.stringify({ payload: { bucket: 'payloads', key: `${name}/${token}` } }),
  ];
  let transactions = 0;
  transact = async () => {
    if (++transactions === 1) throw Object.assign(new Error(`item ${mail} ${card}`), { name: 'ValidationException' });
    return {};
  };
  await handle(bodies.map((body, index) => aRecord({ messageId: `m-${index}`, body })));

  for (const canary of canaries) expect(lines).not.toContain(canary);
  const logged = lines
    .split('\n')
    .filter((line) => line.includes('"message":"order'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(logged.map(({ messageId }) => String(messageId)).sort()).toEqual(bodies.map((_, index) => `m-${index}`));
  expect(logged.find(({ orderId }) => orderId === 'o-8')).toMatchObject({ outcome: 'fulfilled', receiveCount: 1 });
  const saved = JSON.stringify(callsOf(PutItemCommand).map((call) => (call as PutItemCommand).input));
  for (const canary of canaries) expect(saved).not.toContain(canary);
});

it('outcomes of messages are counted', async () => {
  await handle([aRecord({ messageId: 'm-1' }), aRecord({ messageId: 'm-2', body: 'nonsense' })]);
  expect(lines).toContain('"Fulfilled":1');
  expect(lines).toContain('"Failed":1');
});
