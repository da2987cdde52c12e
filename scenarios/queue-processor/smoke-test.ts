import { BatchGetItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Check, ScenarioRun } from '../shared/scenario';

const orders = 100;
const unitsInStock = 1_000;

/** Sends a hundred orders for two SKUs and checks the stock afterwards. */
export const smokeTest: Check = {
  name: 'hundred-orders',
  title: 'a hundred orders are fulfilled, and the stock is exact to the unit',
  async run(run) {
    const dynamodb = new DynamoDBClient({});
    const skus = [`${run.runId}-apples`, `${run.runId}-pears`];
    const placed = Array.from({ length: orders }, (_, index) => ({
      orderId: `${run.runId}-${index}`,
      customerId: `c-${index % 7}`,
      placedAt: new Date().toISOString(),
      items: skus.map((sku) => ({ sku, quantity: 1 + Math.floor(run.random() * 5) })),
    }));

    await run.step('fill the stock', async () => {
      for (const sku of skus) {
        const Item = { sku: { S: sku }, available: { N: String(unitsInStock) } };
        await dynamodb.send(new PutItemCommand({ TableName: run.output('StockTableName'), Item }));
      }
    });
    await run.step(`send ${orders} orders`, () => sendAll(run, placed));
    await run.step('wait for the fulfilments', () =>
      run.eventually(`${orders} fulfilments`, async () => {
        const statuses = await statusesOf(
          run,
          dynamodb,
          placed.map((order) => order.orderId),
        );
        return statuses.length === orders ? statuses : undefined;
      }),
    );
    for (const [index, sku] of skus.entries()) {
      const taken = placed.reduce((sum, order) => sum + (order.items[index]?.quantity ?? 0), 0);
      const Key = { sku: { S: sku } };
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName: run.output('StockTableName'), Key }));
      const left = Number(Item?.['available']?.N);
      run.assertEqual(left, unitsInStock - taken, `units of ${sku} left`);
    }
  },
};

async function sendAll(run: ScenarioRun, placed: readonly { orderId: string; customerId: string }[]): Promise<void> {
  const sqs = new SQSClient({});
  const QueueUrl = run.output('OrdersQueueUrl');
  for (let start = 0; start < placed.length; start += 10) {
    const Entries = placed.slice(start, start + 10).map((order, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(order),
      ...(QueueUrl.endsWith('.fifo')
        ? { MessageGroupId: order.customerId, MessageDeduplicationId: order.orderId }
        : {}),
    }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    run.assertEqual(Failed, [], 'the queue accepts every order');
  }
}

async function statusesOf(run: ScenarioRun, dynamodb: DynamoDBClient, ids: readonly string[]): Promise<string[]> {
  const table = run.output('FulfilmentsTableName');
  const Keys = ids.map((id) => ({ orderId: { S: id } }));
  const { Responses } = await dynamodb.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } }));
  return (Responses?.[table] ?? []).map((item) => item['status']?.S ?? '');
}
