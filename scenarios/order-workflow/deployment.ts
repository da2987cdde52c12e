import { setTimeout } from 'node:timers/promises';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { milestonesOf } from '../../operations/order-workflow/order-story';
import type { ScenarioRun } from '../shared/scenario';

export type Item = Readonly<Record<string, AttributeValue>>;

/** The deployed stack, and what a check has put into it. */
export interface Deployment {
  readonly run: ScenarioRun;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly sfn: SFNClient;
  readonly orderIds: Set<string>;
}

export interface Placed {
  readonly orderId: string;
  readonly customerId: string;
  readonly customerEmail: string;
  readonly paymentMethod: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: string }[];
  readonly currency: string;
}

/** Clients for a check; orders and SKUs that it makes are taken away at its end. */
export function openDeployment(run: ScenarioRun): Deployment {
  const deployment: Deployment = {
    run,
    dynamodb: new DynamoDBClient({}),
    lambda: new LambdaClient({}),
    sfn: new SFNClient({}),
    orderIds: new Set(),
  };
  run.cleanUp('orders', async () => {
    for (const orderId of deployment.orderIds) {
      const executionArn = executionArnOf(run, orderId);
      // An order that still waits would write after its record is gone; one that has ended cannot be stopped.
      await deployment.sfn.send(new StopExecutionCommand({ executionArn })).catch(() => undefined);
      for (const table of ['OrdersTableName', 'PaymentsTableName']) {
        const Key = { orderId: { S: orderId } };
        await deployment.dynamodb.send(new DeleteItemCommand({ TableName: run.output(table), Key }));
      }
    }
  });
  return deployment;
}

export function executionArnOf(run: ScenarioRun, orderId: string): string {
  return `${run.output('OrderStateMachineArn').replace(':stateMachine:', ':execution:')}:${orderId}`;
}

/** Puts a SKU of the check's own into the inventory. */
export async function stock({ run, dynamodb }: Deployment, name: string, available: number): Promise<string> {
  const sku = `${run.runId}-${name}`;
  const TableName = run.output('InventoryTableName');
  const Item = { sku: { S: sku }, available: { N: String(available) } };
  await dynamodb.send(new PutItemCommand({ TableName, Item }));
  run.cleanUp(`SKU ${sku}`, async () => {
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { sku: { S: sku } } }));
  });
  return sku;
}

/** An order of the check's own: two units of one SKU at 12.50, paid with `pm-visa`. */
export function orderOf({ run, orderIds }: Deployment, name: string, sku: string, more: Partial<Placed> = {}): Placed {
  const orderId = `${run.runId}-${name}`;
  orderIds.add(orderId);
  return {
    orderId,
    customerId: `c-${run.runId}`,
    customerEmail: `${run.runId}@example.com`,
    paymentMethod: 'pm-visa',
    items: [{ sku, quantity: 2, unitPrice: '12.50' }],
    currency: 'EUR',
    ...more,
  };
}

/** What a function answers, or the error that it failed with. */
export interface Answer {
  readonly value: Readonly<Record<string, unknown>>;
  readonly error: { readonly name: string; readonly message: string } | undefined;
}

export async function invoke({ run, lambda }: Deployment, output: string, payload: object): Promise<Answer> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: run.output(output), Payload: JSON.stringify(payload) }),
  );
  const value = (JSON.parse(Buffer.from(Payload ?? []).toString() || 'null') ?? {}) as Record<string, unknown>;
  const error = { name: String(value['errorType']), message: String(value['errorMessage']) };
  return { value, error: FunctionError === undefined ? undefined : error };
}

/** How often a caller sends an order whose receipt ended in an error; under load a table may answer too late. */
const sendings = 5;

/** What a caller does who got no answer: the same order again, which is safe, because it has the same id. */
export async function send(deployment: Deployment, order: Placed): Promise<Answer & { readonly again: number }> {
  for (let again = 0; ; again += 1) {
    const answer = await invoke(deployment, 'ReceiveOrderFunctionName', order);
    if (answer.error === undefined || again + 1 === sendings) return { ...answer, again };
    await setTimeout(500 * 2 ** again);
  }
}

/** @throws Error where the order is not taken in */
export async function place(deployment: Deployment, order: Placed): Promise<void> {
  const { value, error } = await send(deployment, order);
  if (value['status'] !== 'received') {
    throw new Error(`order ${order.orderId} was not received: ${error?.message ?? JSON.stringify(value)}`);
  }
}

export function decideOn(deployment: Deployment, orderId: string, decision: string, approver = 'a-1'): Promise<Answer> {
  return invoke(deployment, 'DecideApprovalFunctionName', { orderId, decision, approver, comment: 'by the scenario' });
}

export async function itemOf({ run, dynamodb }: Deployment, table: string, Key: Item): Promise<Item> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: run.output(table), Key: { ...Key }, ConsistentRead: true }),
  );
  return Item ?? {};
}

/** How an order stands. */
export interface Standing {
  readonly status: string;
  readonly reason: string;
  readonly milestones: readonly string[];
  /** From its receipt to what happened last. */
  readonly seconds: number;
  readonly charges: number;
  readonly refunds: number;
}

export async function standingOf(deployment: Deployment, orderId: string): Promise<Standing> {
  const Key = { orderId: { S: orderId } };
  const [order, payment] = [
    await itemOf(deployment, 'OrdersTableName', Key),
    await itemOf(deployment, 'PaymentsTableName', Key),
  ];
  const timeline = milestonesOf(order);
  const [first, last] = [timeline[0], timeline.at(-1)];
  return {
    status: order['status']?.S ?? 'none',
    reason: order['reason']?.S ?? 'none',
    milestones: timeline.map(({ name }) => name),
    seconds: ((last?.at.getTime() ?? 0) - (first?.at.getTime() ?? 0)) / 1_000,
    charges: Number(payment['charges']?.N ?? 0),
    refunds: Number(payment['refunds']?.N ?? 0),
  };
}

/** Waits until an order has a status. */
export function awaitStatus(
  deployment: Deployment,
  orderId: string,
  statuses: readonly string[],
  withinSeconds = 180,
): Promise<Standing> {
  return deployment.run.eventually(
    `${orderId} to be ${statuses.join(' or ')}`,
    async () => {
      const standing = await standingOf(deployment, orderId);
      if (statuses.includes(standing.status)) return standing;
      throw new Error(`it is ${standing.status} after ${standing.milestones.join(', ')}`);
    },
    { withinSeconds },
  );
}

export async function availableOf(deployment: Deployment, sku: string): Promise<number> {
  const item = await itemOf(deployment, 'InventoryTableName', { sku: { S: sku } });
  return Number(item['available']?.N);
}
