import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context, SQSEvent } from 'aws-lambda';
import { randomUUID } from 'node:crypto';
import https from 'node:https';
import { performance } from 'node:perf_hooks';
import type { Order } from '../../../lambda/queue-processor/order';
import { handler } from '../../../lambda/queue-processor/fulfil-order';
import { libraryHandler } from './library-handler';
import { batchSizes, contestants, tables, type Sample } from './sample';

const skus = Array.from({ length: 20 }, (_, index) => `SKU-${index}`);

type Handler = (event: SQSEvent, context: Context) => Promise<unknown>;

let calls = 0;

/** Counts the calls of all SDK clients, which use https.request. */
function countCalls(): void {
  const original = https.request.bind(https) as (...values: unknown[]) => ReturnType<typeof https.request>;
  https.request = (...values: unknown[]) => {
    calls += 1;
    return original(...values);
  };
}

async function prepare(dynamodb: DynamoDBClient): Promise<void> {
  const keys = { fulfilments: 'orderId', stock: 'sku', reasons: 'messageId', idempotency: 'id' } as const;
  for (const name of ['fulfilments', 'stock', 'reasons', 'idempotency'] as const) {
    const AttributeName = keys[name];
    await dynamodb.send(
      new CreateTableCommand({
        TableName: tables[name],
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
        KeySchema: [{ AttributeName, KeyType: 'HASH' }],
      }),
    );
  }
  for (const sku of skus) {
    const Item = { sku: { S: sku }, available: { N: '1000000' } };
    await dynamodb.send(new PutItemCommand({ TableName: tables.stock, Item }));
  }
}

/** Fails on a returned message: there is no queue that would deliver it again. */
const ourHandler: Handler = async (event, context) => {
  const { batchItemFailures } = await handler(event, context);
  if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} orders failed`);
};

async function sample(who: Sample['who'], handler: Handler, batchSize: number, orders: number): Promise<Sample> {
  const events = Array.from({ length: Math.ceil(orders / batchSize) }, () => batchOf(batchSize));
  calls = 0;
  const start = performance.now();
  for (const event of events) await handler(event, contextOf());
  const seconds = (performance.now() - start) / 1_000;
  const done = events.length * batchSize;
  return { who, batchSize, perSecond: done / seconds, callsPerOrder: Number((calls / done).toFixed(2)) };
}

function batchOf(size: number): SQSEvent {
  const records = Array.from({ length: size }, () => {
    const orderId = randomUUID();
    const order: Order = {
      orderId,
      customerId: 'c-7',
      placedAt: '2026-11-21T08:00:00Z',
      items: [skuAt(0), skuAt(7)].map((sku) => ({ sku, quantity: 1 })),
    };
    return {
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:Orders',
      awsRegion: 'us-east-1',
      messageId: orderId,
      receiptHandle: orderId,
      body: JSON.stringify(order),
      md5OfBody: '',
      messageAttributes: {},
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: '',
        ApproximateFirstReceiveTimestamp: '0',
      },
    };
  });
  return { Records: records };
}

let turn = 0;
function skuAt(offset: number): string {
  return skus[(turn++ + offset) % skus.length] ?? '';
}

function contextOf(): Context {
  const end = Date.now() + 20_000;
  const context = { awsRequestId: randomUUID(), functionName: 'Bench', memoryLimitInMB: '512' };
  // Fields that neither handler reads are left out.
  return { ...context, getRemainingTimeInMillis: () => end - Date.now() } as Context;
}

async function main(rounds: number, ordersOfEach: number): Promise<void> {
  countCalls();
  const dynamodb = new DynamoDBClient({});
  await prepare(dynamodb);
  const handlers = { ours: ourHandler, library: libraryHandler(dynamodb, tables) };
  for (let round = -1; round < rounds; round++) {
    for (const batchSize of batchSizes) {
      for (const who of round % 2 === 0 ? contestants : contestants.toReversed()) {
        const result = await sample(who, handlers[who], batchSize, round < 0 ? batchSize : ordersOfEach);
        // The first round opens connections and compiles.
        if (round >= 0) process.send?.(result);
      }
    }
  }
}

main(Number(process.argv[2]), Number(process.argv[3])).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
