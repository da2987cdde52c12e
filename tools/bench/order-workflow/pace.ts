/** Orders per second, time from receipt to confirmation, and state transitions of a deployed stack. */
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import pMap from 'p-map';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from 'simple-statistics';
import { readMilestones, readVisits } from '../../../operations/order-workflow/order-history';
import { stackOutputs } from '../measuring/stack-outputs';

const concurrency = 16;

export interface Deployed {
  readonly receiveOrder: string;
  readonly machine: string;
  readonly ordersTable: string;
  readonly inventoryTable: string;
  readonly paymentsTable: string;
}

/** Names of the stack's resources, from OUTPUTS or a local run's environment; undefined without either. */
export function readDeployed(): Deployed | undefined {
  const outputs = stackOutputs('OrderWorkflow');
  if (outputs === undefined) return undefined;
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`the outputs of OrderWorkflow lack ${name}: deploy it again`);
    return value;
  };
  return {
    receiveOrder: output('ReceiveOrderFunctionName'),
    machine: output('OrderStateMachineArn'),
    ordersTable: output('OrdersTableName'),
    inventoryTable: output('InventoryTableName'),
    paymentsTable: output('PaymentsTableName'),
  };
}

export interface Pace {
  readonly orders: number;
  readonly perSecond: number;
  /** Seconds from receipt to confirmation. */
  readonly median: number;
  readonly p99: number;
  readonly transitionsAnOrder: number;
}

const dynamodb = new DynamoDBClient({});
const lambda = new LambdaClient({});
const sfn = new SFNClient({});

/** Measures valid orders, each with its own SKU, so that none waits for another's stock; deletes them afterwards. */
export async function measurePace(stack: Deployed, orders: number): Promise<Pace> {
  const names = Array.from({ length: orders }, (_, index) => `bench-${Date.now()}-${index}`);
  const { inventoryTable: TableName } = stack;
  const forEach = <T>(act: (name: string) => Promise<T>) => pMap(names, act, { concurrency });
  await forEach((sku) =>
    dynamodb.send(new PutItemCommand({ TableName, Item: { sku: { S: sku }, available: { N: '2' } } })),
  );
  try {
    const began = performance.now();
    await forEach((name) => receive(stack, name));
    const waits = await forEach((name) => waitForConfirmation(stack, name));
    const seconds = (performance.now() - began) / 1_000;
    const transitions = await forEach((name) => countTransitions(stack, name));
    return {
      orders,
      perSecond: orders / seconds,
      median: quantile(waits, 0.5),
      p99: quantile(waits, 0.99),
      transitionsAnOrder: transitions.reduce((sum, one) => sum + one, 0) / orders,
    };
  } finally {
    await forEach((name) => deleteOrder(stack, name));
  }
}

async function receive({ receiveOrder }: Deployed, orderId: string): Promise<void> {
  const order = {
    orderId,
    customerId: 'c-bench',
    customerEmail: 'bench@example.com',
    paymentMethod: 'pm-visa',
    items: [{ sku: orderId, quantity: 2, unitPrice: '12.50' }],
    currency: 'EUR',
  };
  for (let attempt = 1; ; attempt++) {
    const { FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: receiveOrder, Payload: JSON.stringify(order) }),
    );
    if (FunctionError === undefined) return;
    // Repeating an order is safe; under load some calls time out.
    if (attempt === 5) throw new Error(`order ${orderId} was not received: see the log of ${receiveOrder}`);
    await sleep(500 * attempt);
  }
}

/** Waits for the confirmation of an order; returns the seconds since its receipt. */
async function waitForConfirmation({ ordersTable: TableName }: Deployed, orderId: string): Promise<number> {
  for (const end = Date.now() + 300_000; Date.now() < end;) {
    const { Item = {} } = await dynamodb.send(new GetItemCommand({ TableName, Key: { orderId: { S: orderId } } }));
    const milestones = readMilestones(Item);
    const at = (name: string) => milestones.find((one) => one.name === name)?.at.getTime();
    const [first, last] = [at('received'), at('confirmed')];
    if (first !== undefined && last !== undefined) return (last - first) / 1_000;
    await sleep(250);
  }
  throw new Error(
    `order ${orderId} was not confirmed within five minutes: npm run ops -- order-workflow orders ${orderId}`,
  );
}

/** Number of state entries and retries, each of which is billed. */
async function countTransitions({ machine }: Deployed, orderId: string): Promise<number> {
  const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:${orderId}`;
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }));
  return readVisits(events).reduce((sum, { failures }) => sum + 1 + failures.length, 0);
}

async function deleteOrder({ ordersTable, paymentsTable, inventoryTable }: Deployed, name: string): Promise<void> {
  for (const TableName of [ordersTable, paymentsTable]) {
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { orderId: { S: name } } }));
  }
  await dynamodb.send(new DeleteItemCommand({ TableName: inventoryTable, Key: { sku: { S: name } } }));
}
