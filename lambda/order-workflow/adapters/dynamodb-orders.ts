import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Order } from '../order';
import {
  OrderNotFoundError,
  SupersededExecutionError,
  type Milestone,
  type OrderRecord,
  type OrderStatus,
} from '../order-record';
import type { Step } from '../step-input';

export interface OrdersTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  readonly now: () => Date;
}

type Item = Readonly<Record<string, AttributeValue>>;

/**
 * Writes an order unless its id exists. Needs `dynamodb:PutItem`.
 *
 * @returns the existing record, or undefined if the order was written
 */
export async function putOrder(
  { client, tableName, now }: OrdersTable,
  order: Order,
): Promise<OrderRecord | undefined> {
  const at = now();
  const Item: Record<string, AttributeValue> = {
    orderId: { S: order.orderId },
    status: { S: 'received' },
    generation: { N: '1' },
    customerId: { S: order.customerId },
    currency: { S: order.currency },
    order: { S: JSON.stringify(order) },
    timeline: { M: { received: timelineEntry(at) } },
    watch: { S: 'received' },
    watchedSince: { S: at.toISOString() },
  };
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item,
        ConditionExpression: 'attribute_not_exists(orderId)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
    return parseRecord(error.Item);
  }
}

/**
 * Reads the order of a step. Needs `dynamodb:GetItem`.
 *
 * @throws OrderNotFoundError, SupersededExecutionError
 */
export async function getOrder(
  { client, tableName }: Pick<OrdersTable, 'client' | 'tableName'>,
  step: Step,
): Promise<OrderRecord> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { orderId: { S: step.orderId } }, ConsistentRead: true }),
  );
  return checkedRecord(Item, step, tableName);
}

/** @throws OrderNotFoundError, SupersededExecutionError */
export function checkedRecord(item: Item | undefined, { orderId, generation }: Step, tableName: string): OrderRecord {
  if (item === undefined) throw new OrderNotFoundError(`no order ${orderId} in ${tableName}: send it to ReceiveOrder`);
  const record = parseRecord(item);
  if (generation !== undefined && generation !== record.generation) {
    throw new SupersededExecutionError(
      `order ${orderId} was restarted: expected generation ${record.generation}, got ${generation}`,
    );
  }
  return record;
}

/** Attributes of an order that steps set beside the timeline. */
export type Fields = Readonly<Partial<Record<'executionArn' | 'total' | 'units' | 'notifiedOutcome', string>>>;

export interface MilestoneOptions {
  readonly detail?: string;
  readonly fields?: Fields;
  /** Records nothing if the order is in a terminal state. @default false */
  readonly unlessEnded?: boolean;
}

/**
 * Records a milestone with the time of its first occurrence, and sets fields. Needs `dynamodb:UpdateItem`.
 *
 * @returns false if nothing was recorded, because of `unlessEnded`
 */
export async function recordMilestone(
  { client, tableName, now }: OrdersTable,
  orderId: string,
  milestone: Milestone,
  { detail, fields = {}, unlessEnded = false }: MilestoneOptions = {},
): Promise<boolean> {
  const names = Object.keys(fields) as (keyof Fields)[];
  const command = new UpdateItemCommand({
    TableName: tableName,
    Key: { orderId: { S: orderId } },
    UpdateExpression: [
      'SET timeline.#milestone = if_not_exists(timeline.#milestone, :entry)',
      ...names.map((name) => `#${name} = :${name}`),
    ].join(', '),
    ConditionExpression: `attribute_exists(orderId)${unlessEnded ? ' AND #status IN (:received, :awaiting, :needsAttention)' : ''}`,
    ExpressionAttributeNames: {
      '#milestone': milestone,
      ...(unlessEnded ? { '#status': 'status' } : {}),
      ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ':entry': timelineEntry(now(), detail),
      ...(unlessEnded ? openStatuses : {}),
      ...Object.fromEntries(names.map((name) => [`:${name}`, { S: fields[name] ?? '' }])),
    },
  });
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (unlessEnded && error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Values of the statuses that are not terminal, or only until an operator has repaired the order. */
export const openStatuses: Item = {
  ':received': { S: 'received' },
  ':awaiting': { S: 'awaiting-approval' },
  ':needsAttention': { S: 'needs-attention' },
};

export function timelineEntry(at: Date, detail?: string): AttributeValue.MMember {
  return { M: { at: { S: at.toISOString() }, ...(detail === undefined ? {} : { detail: { S: detail } }) } };
}

/** Only this stack writes the table, so an item needs no validation: its order was parsed on receipt. */
export function parseRecord(item: Item): OrderRecord {
  const text = (name: string): string | undefined => item[name]?.S;
  const [executionArn, inventory, notifiedOutcome, watch] = [
    'executionArn',
    'inventory',
    'notifiedOutcome',
    'watch',
  ].map(text);
  return {
    order: JSON.parse(text('order') ?? '{}') as Order,
    status: (text('status') ?? 'received') as OrderStatus,
    generation: Number(item['generation']?.N ?? 1),
    milestones: new Set(Object.keys(item['timeline']?.M ?? {})),
    ...(executionArn === undefined ? {} : { executionArn }),
    ...(inventory === 'reserved' || inventory === 'released' ? { inventory } : {}),
    ...(notifiedOutcome === undefined ? {} : { notifiedOutcome }),
    ...(watch === undefined ? {} : { watch }),
  };
}
