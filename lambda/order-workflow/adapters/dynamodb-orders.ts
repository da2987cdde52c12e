import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { Order } from '../order';
import {
  OrderNotFoundError,
  type Milestone,
  type OrderRecord,
  type OrderStatus,
  type WaitingStatus,
} from '../order-record';

export interface OrdersTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  readonly now: () => Date;
}

/**
 * Writes an order unless its id exists. Needs `dynamodb:PutItem`.
 *
 * @returns the existing record, or undefined if the order was written
 */
export async function putOrder(
  { client, tableName, now }: OrdersTable,
  order: Order,
): Promise<OrderRecord | undefined> {
  const Item: Record<string, AttributeValue> = {
    orderId: { S: order.orderId },
    status: { S: 'received' },
    customerId: { S: order.customerId },
    currency: { S: order.currency },
    order: { S: JSON.stringify(order) },
    timeline: { M: { received: timelineEntry(now()) } },
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
 * Reads an order. Needs `dynamodb:GetItem`.
 *
 * @throws OrderNotFoundError
 */
export async function getOrder(
  { client, tableName }: Pick<OrdersTable, 'client' | 'tableName'>,
  orderId: string,
): Promise<OrderRecord> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { orderId: { S: orderId } }, ConsistentRead: true }),
  );
  if (Item === undefined) throw new OrderNotFoundError(`no order ${orderId} in ${tableName}: send it to ReceiveOrder`);
  return parseRecord(Item);
}

/** Attributes of an order that steps set beside the timeline. */
export type Fields = Readonly<Partial<Record<'executionArn' | 'total' | 'units' | 'notifiedOutcome', string>>>;

/** Records a milestone with the time of its first occurrence, and sets fields. Needs `dynamodb:UpdateItem`. */
export async function recordMilestone(
  { client, tableName, now }: OrdersTable,
  orderId: string,
  milestone: Milestone,
  { detail, fields = {} }: { readonly detail?: string; readonly fields?: Fields } = {},
): Promise<void> {
  const names = Object.keys(fields) as (keyof Fields)[];
  await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { orderId: { S: orderId } },
      UpdateExpression: [
        'SET timeline.#milestone = if_not_exists(timeline.#milestone, :entry)',
        ...names.map((name) => `#${name} = :${name}`),
      ].join(', '),
      ConditionExpression: 'attribute_exists(orderId)',
      ExpressionAttributeNames: {
        '#milestone': milestone,
        ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ':entry': timelineEntry(now(), detail),
        ...Object.fromEntries(names.map((name) => [`:${name}`, { S: fields[name] ?? '' }])),
      },
    }),
  );
}

/**
 * Sets a status in which an order waits for a person, and adds the order to the index `watched`. Needs `dynamodb:UpdateItem`.
 *
 * @returns false if the order is in a terminal state or does not exist
 */
export async function setStatus(
  { client, tableName, now }: OrdersTable,
  orderId: string,
  status: WaitingStatus,
  detail?: string,
): Promise<boolean> {
  const at = now();
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { orderId: { S: orderId } },
        UpdateExpression:
          'SET #status = :status, watch = :status, watchedSince = :at, timeline.#milestone = if_not_exists(timeline.#milestone, :entry)',
        ConditionExpression: '#status IN (:received, :awaiting)',
        ExpressionAttributeNames: {
          '#status': 'status',
          '#milestone': status === 'awaiting-approval' ? 'approval requested' : status,
        },
        ExpressionAttributeValues: {
          ':status': { S: status },
          ':at': { S: at.toISOString() },
          ':entry': timelineEntry(at, detail),
          ':received': { S: 'received' },
          ':awaiting': { S: 'awaiting-approval' },
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export interface WaitingOrders {
  readonly count: number;
  /** Undefined if there is none. */
  readonly oldest: Date | undefined;
}

/** Counts the orders that wait for a person. Needs `dynamodb:Query` on the index. */
export async function countWaitingOrders(
  { client, tableName, indexName }: Pick<OrdersTable, 'client' | 'tableName'> & { readonly indexName: string },
  status: WaitingStatus,
): Promise<WaitingOrders> {
  let count = 0;
  let oldest: Date | undefined;
  let startKey: QueryCommandOutput['LastEvaluatedKey'];
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: indexName,
        KeyConditionExpression: 'watch = :status',
        ExpressionAttributeValues: { ':status': { S: status } },
        ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
      }),
    );
    const { Items = [], LastEvaluatedKey } = page;
    const since = Items[0]?.['watchedSince']?.S;
    // The index is sorted by time: the first item of all pages is the oldest.
    if (oldest === undefined && since !== undefined) oldest = new Date(since);
    count += Items.length;
    startKey = LastEvaluatedKey;
  } while (startKey !== undefined);
  return { count, oldest };
}

function timelineEntry(at: Date, detail?: string): AttributeValue.MMember {
  return { M: { at: { S: at.toISOString() }, ...(detail === undefined ? {} : { detail: { S: detail } }) } };
}

/** Only this stack writes the table, so an item needs no validation: its order was parsed on receipt. */
function parseRecord(item: Readonly<Record<string, AttributeValue>>): OrderRecord {
  const text = (name: string): string | undefined => item[name]?.S;
  const [executionArn, inventory, notifiedOutcome] = ['executionArn', 'inventory', 'notifiedOutcome'].map(text);
  return {
    order: JSON.parse(text('order') ?? '{}') as Order,
    status: (text('status') ?? 'received') as OrderStatus,
    ...(executionArn === undefined ? {} : { executionArn }),
    ...(inventory === 'reserved' || inventory === 'released' ? { inventory } : {}),
    ...(notifiedOutcome === undefined ? {} : { notifiedOutcome }),
  };
}
