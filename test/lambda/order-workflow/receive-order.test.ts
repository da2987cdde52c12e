import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import { contentOf, type Order } from '../../../lambda/order-workflow/order';

const order: Order = {
  orderId: 'o-1001',
  customerId: 'c-7',
  customerEmail: 'c7@example.com',
  paymentMethod: 'pm-visa',
  items: [{ sku: 'SKU-1', quantity: 2, unitPrice: '12.50' }],
  currency: 'EUR',
};
process.env['ORDERS_TABLE_NAME'] = 'orders';
process.env['ORDER_STATE_MACHINE_ARN'] = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Orders';
process.env['POWERTOOLS_DEV'] = 'false';
process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';

/** Receives the order where the table holds this of it already. */
async function receive(there: Record<string, { S: string }> | undefined) {
  const put = jest.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(((command: object) => {
    if (!(command instanceof PutItemCommand) || there === undefined) return Promise.resolve({});
    const Item = { order: { S: JSON.stringify(order) }, status: { S: 'received' }, ...there };
    return Promise.reject(new ConditionalCheckFailedException({ message: '', $metadata: {}, Item }));
  }) as never);
  const start = jest
    .spyOn(SFNClient.prototype, 'send')
    .mockImplementation((() => Promise.resolve({ executionArn: 'arn:execution' })) as never);
  start.mockClear();
  put.mockClear();
  const { handler } = jest.requireActual<{ handler: (event: unknown, context: Context) => Promise<object> }>(
    '../../../lambda/order-workflow/receive-order',
  );
  return { receipt: await handler(order, {} as Context), started: start.mock.calls.length };
}

it('a new order is written, and its execution started', async () => {
  const received = { orderId: 'o-1001', executionArn: 'arn:execution', status: 'received' };
  expect(await receive(undefined)).toEqual({ receipt: received, started: 1 });
});

it('the same order again has the same answer and no second execution', async () => {
  const { receipt, started } = await receive({ content: { S: contentOf(order) }, executionArn: { S: 'arn:first' } });
  expect(receipt).toEqual({ orderId: 'o-1001', executionArn: 'arn:first', status: 'received' });
  expect(started).toBe(0);
});

it('an order that was written and not started, because the function died, is started', async () => {
  const { receipt, started } = await receive({ content: { S: contentOf(order) } });
  expect(receipt).toMatchObject({ status: 'received', executionArn: 'arn:execution' });
  expect(started).toBe(1);
});

it('another order under the same id is a conflict, and starts nothing', async () => {
  const { receipt, started } = await receive({ content: { S: 'other' } });
  expect(receipt).toMatchObject({ orderId: 'o-1001', status: 'conflict' });
  expect(started).toBe(0);
});
