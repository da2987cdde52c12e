/** Orders per second, and receipt to confirmation, of a stack that is up; and the transitions that its executions really made. */
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from 'simple-statistics';
import { milestonesOf, visitsOf } from '../../../operations/order-workflow/order-story';
import { inLanes } from '../../../scenarios/shared/in-lanes';
import { stackOutputs } from '../measuring/stack-outputs';

const atOnce = 16;

export interface Deployed {
  readonly receiveOrder: string;
  readonly machine: string;
  readonly ordersTable: string;
  readonly inventoryTable: string;
  readonly paymentsTable: string;
}

/** The stack's names, from OUTPUTS or from a local run's environment; undefined where there is neither. */
export function deployed(): Deployed | undefined {
  const outputs = stackOutputs('OrderWorkflow');
  if (outputs === undefined) return undefined;
  const of = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`the outputs of OrderWorkflow lack ${name}: deploy it again`);
    return value;
  };
  return {
    receiveOrder: of('ReceiveOrderFunctionName'),
    machine: of('OrderStateMachineArn'),
    ordersTable: of('OrdersTableName'),
    inventoryTable: of('InventoryTableName'),
    paymentsTable: of('PaymentsTableName'),
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

/** Has plain orders confirmed, each of a SKU of its own, so that none waits for another's stock; and takes them away again. */
export async function measurePace(stack: Deployed, orders: number): Promise<Pace> {
  const names = Array.from({ length: orders }, (_, index) => `bench-${Date.now()}-${index}`);
  const { inventoryTable: TableName } = stack;
  await inLanes(names, atOnce, (sku) =>
    dynamodb.send(new PutItemCommand({ TableName, Item: { sku: { S: sku }, available: { N: '2' } } })),
  );
  try {
    const began = performance.now();
    await inLanes(names, atOnce, (name) => receive(stack, name));
    const waits = await inLanes(names, atOnce, (name) => confirmed(stack, name));
    const seconds = (performance.now() - began) / 1_000;
    const made = await inLanes(names, atOnce, (name) => transitionsOf(stack, name));
    return {
      orders,
      perSecond: orders / seconds,
      median: quantile(waits, 0.5),
      p99: quantile(waits, 0.99),
      transitionsAnOrder: made.reduce((sum, one) => sum + one, 0) / orders,
    };
  } finally {
    await inLanes(names, atOnce, (name) => forget(stack, name));
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
    // The same order again is safe; a machine that is overrun answers some too late.
    if (attempt === 5) throw new Error(`order ${orderId} was not received: look into the log of ${receiveOrder}`);
    await sleep(500 * attempt);
  }
}

/** Seconds from the receipt of an order to its confirmation, once it is confirmed. */
async function confirmed({ ordersTable: TableName }: Deployed, orderId: string): Promise<number> {
  for (const end = Date.now() + 300_000; Date.now() < end;) {
    const { Item = {} } = await dynamodb.send(new GetItemCommand({ TableName, Key: { orderId: { S: orderId } } }));
    const milestones = milestonesOf(Item);
    const at = (name: string) => milestones.find((one) => one.name === name)?.at.getTime();
    const [first, last] = [at('received'), at('confirmed')];
    if (first !== undefined && last !== undefined) return (last - first) / 1_000;
    await sleep(250);
  }
  throw new Error(`order ${orderId} was not confirmed within five minutes: npm run orders -- ${orderId}`);
}

/** States entered, and tries after the first, each of which is billed too. */
async function transitionsOf({ machine }: Deployed, orderId: string): Promise<number> {
  const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:${orderId}`;
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }));
  return visitsOf(events).reduce((sum, { failures }) => sum + 1 + failures.length, 0);
}

async function forget({ ordersTable, paymentsTable, inventoryTable }: Deployed, name: string): Promise<void> {
  for (const TableName of [ordersTable, paymentsTable]) {
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { orderId: { S: name } } }));
  }
  await dynamodb.send(new DeleteItemCommand({ TableName: inventoryTable, Key: { sku: { S: name } } }));
}
