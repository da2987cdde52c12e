import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import type { Order } from './order';
import { OrderUnknown, type Milestone, type OrderRecord, type OrderStatus } from './order-record';
import { requestLimits } from '../shared/request-limits';

export interface OrdersTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  readonly now: () => Date;
}

/** A client for all requests of a function's life, which takes region, credentials and endpoint from the environment. */
export function connectToDynamodb(): DynamoDBClient {
  return new DynamoDBClient(requestLimits);
}

/** Writes the order unless its id is taken; gives what is there already. Needs `dynamodb:PutItem`. */
export async function putOrder(
  { client, table, now }: OrdersTable,
  order: Order,
  content: string,
): Promise<OrderRecord | undefined> {
  const Item: Record<string, AttributeValue> = {
    orderId: { S: order.orderId },
    status: { S: 'received' },
    customerId: { S: order.customerId },
    currency: { S: order.currency },
    order: { S: JSON.stringify(order) },
    content: { S: content },
    timeline: { M: { received: entry(now()) } },
  };
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item,
        ConditionExpression: 'attribute_not_exists(orderId)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
    return recordOf(error.Item);
  }
}

/**
 * Needs `dynamodb:GetItem`.
 *
 * @throws OrderUnknown
 */
export async function getOrder({ client, table }: Omit<OrdersTable, 'now'>, orderId: string): Promise<OrderRecord> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { orderId: { S: orderId } }, ConsistentRead: true }),
  );
  if (Item === undefined) throw new OrderUnknown(`no order ${orderId} in ${table}: start it by ReceiveOrder`);
  return recordOf(Item);
}

/** An order's fields that steps set beside the timeline. */
export type Fields = Readonly<Partial<Record<'executionArn' | 'total' | 'units' | 'toldOf', string>>>;

/** Writes a milestone down, the first time with its moment, and sets fields. Needs `dynamodb:UpdateItem`. */
export async function note(
  { client, table, now }: OrdersTable,
  orderId: string,
  milestone: Milestone,
  { detail, fields = {} }: { readonly detail?: string; readonly fields?: Fields } = {},
): Promise<void> {
  const names = Object.keys(fields) as (keyof Fields)[];
  await client.send(
    new UpdateItemCommand({
      TableName: table,
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
        ':entry': entry(now(), detail),
        ...Object.fromEntries(names.map((name) => [`:${name}`, { S: fields[name] ?? '' }])),
      },
    }),
  );
}

/**
 * Moves an order that has not ended to a status that somebody has to do something about, and shows it in the index `watched`.
 * Needs `dynamodb:UpdateItem`.
 *
 * @returns false where the order has ended, or is not known
 */
export async function markWatched(
  { client, table, now }: OrdersTable,
  orderId: string,
  status: 'awaiting-approval' | 'needs-attention',
  detail?: string,
): Promise<boolean> {
  const at = now();
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: table,
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
          ':entry': entry(at, detail),
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

function entry(at: Date, detail?: string): AttributeValue.MMember {
  return { M: { at: { S: at.toISOString() }, ...(detail === undefined ? {} : { detail: { S: detail } }) } };
}

/** Only this stack writes the table, so what it holds is an order that was read when it came in. */
export function recordOf(item: Readonly<Record<string, AttributeValue>>): OrderRecord {
  const text = (name: string): string | undefined => item[name]?.S;
  const [executionArn, inventory, toldOf] = [text('executionArn'), text('inventory'), text('toldOf')];
  return {
    order: JSON.parse(text('order') ?? '{}') as Order,
    status: (text('status') ?? 'received') as OrderStatus,
    content: text('content') ?? '',
    ...(executionArn === undefined ? {} : { executionArn }),
    ...(inventory === 'taken' || inventory === 'released' ? { inventory } : {}),
    ...(toldOf === undefined ? {} : { toldOf }),
  };
}
