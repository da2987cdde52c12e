import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { readMilestones } from '../../operations/order-workflow/order-history';
import type { ScenarioRun } from '../shared/scenario';

export type Item = Readonly<Record<string, AttributeValue>>;

/** Clients for the deployed stack, and the ids of the orders that a check created. */
export interface Deployment {
  readonly run: ScenarioRun;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly sfn: SFNClient;
  readonly orderIds: Set<string>;
}

export const terminalStatuses = ['confirmed', 'rejected', 'failed', 'needs-attention'];

/** Creates the clients of a check; its orders are deleted at its end. */
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
      // A waiting execution would write after its record is deleted; an ended one cannot be stopped.
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

/** Adds a SKU of the check to the inventory, until the end of the check; returns the SKU. */
export async function addStock({ run, dynamodb }: Deployment, name: string, available: number): Promise<string> {
  const sku = `${run.runId}-${name}`;
  const TableName = run.output('InventoryTableName');
  const Item = { sku: { S: sku }, available: { N: String(available) } };
  await dynamodb.send(new PutItemCommand({ TableName, Item }));
  run.cleanUp(`SKU ${sku}`, async () => {
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { sku: { S: sku } } }));
  });
  return sku;
}

/** Result of a function, or the error that it failed with. */
export interface InvocationResult {
  readonly value: Readonly<Record<string, unknown>>;
  readonly error: { readonly name: string; readonly message: string } | undefined;
}

export async function invoke({ run, lambda }: Deployment, output: string, payload: object): Promise<InvocationResult> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: run.output(output), Payload: JSON.stringify(payload) }),
  );
  const value = (JSON.parse(Buffer.from(Payload ?? []).toString() || 'null') ?? {}) as Record<string, unknown>;
  const error = { name: String(value['errorType']), message: String(value['errorMessage']) };
  return { value, error: FunctionError === undefined ? undefined : error };
}

export async function readItem({ run, dynamodb }: Deployment, table: string, Key: Item): Promise<Item> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: run.output(table), Key: { ...Key }, ConsistentRead: true }),
  );
  return Item ?? {};
}

/** State of an order and its payment. */
export interface OrderState {
  readonly status: string;
  readonly reason: string;
  readonly milestones: readonly string[];
  /** Time from the first milestone to the last. */
  readonly seconds: number;
  readonly charges: number;
  readonly refunds: number;
}

export async function readOrderState(deployment: Deployment, orderId: string): Promise<OrderState> {
  const Key = { orderId: { S: orderId } };
  const [order, payment] = [
    await readItem(deployment, 'OrdersTableName', Key),
    await readItem(deployment, 'PaymentsTableName', Key),
  ];
  const timeline = readMilestones(order);
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

/** Waits until an order has one of the statuses. */
export function waitForStatus(
  deployment: Deployment,
  orderId: string,
  statuses: readonly string[] = terminalStatuses,
  withinSeconds = 300,
): Promise<OrderState> {
  return deployment.run.eventually(
    `${orderId} to be ${statuses.join(' or ')}`,
    async () => {
      const state = await readOrderState(deployment, orderId);
      if (statuses.includes(state.status)) return state;
      throw new Error(`status ${state.status} after ${state.milestones.join(', ')}`);
    },
    { withinSeconds },
  );
}

/** Waits until a milestone of an order is recorded. */
export function waitForMilestone(deployment: Deployment, orderId: string, milestone: string): Promise<OrderState> {
  return deployment.run.eventually(`${orderId} to have the milestone '${milestone}'`, async () => {
    const state = await readOrderState(deployment, orderId);
    if (state.milestones.includes(milestone)) return state;
    throw new Error(`milestones ${state.milestones.join(', ')}`);
  });
}

/** Units in stock. */
export async function readStock(deployment: Deployment, sku: string): Promise<number> {
  const item = await readItem(deployment, 'InventoryTableName', { sku: { S: sku } });
  return Number(item['available']?.N);
}
