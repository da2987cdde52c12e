import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type AttributeValue,
  type CancellationReason,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { ActionResult, Fulfilments, Refusal } from './fulfilment';
import { linesOf, type Order } from './order';
import { OrderFailed } from './order-failure';
import { requestLimits } from '../shared/request-limits';

export interface FulfilmentTables {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly fulfilmentsTable: string;
  readonly stockTable: string;
  /** Ends requests before the invocation does. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** A client for all requests of a function's life, which takes region, credentials and endpoint from the environment. */
export function connectToDynamodb(): DynamoDBClient {
  return new DynamoDBClient(requestLimits);
}

/** Answers that mean: another writer has the item, or the table is asked too much; the SDK has tried again already. */
const busyErrors: readonly string[] = [
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
];

/**
 * The tables `Fulfilments` and `Stock`. Needs `dynamodb:PutItem` on the first and `dynamodb:UpdateItem` on the second.
 *
 * The transaction has no ClientRequestToken of ours. The token would tell a repeated request for ten minutes, within the
 * same words; the condition on the fulfilment tells it for ever. The SDK adds one of its own to each call, so that its
 * retry of a request whose answer was lost succeeds instead of meeting its own fulfilment.
 */
export function dynamodbFulfilments(tables: FulfilmentTables): Fulfilments {
  const { client, signal: abortSignal, stockTable, fulfilmentsTable } = tables;
  const onlyIfNone = {
    TableName: fulfilmentsTable,
    ConditionExpression: 'attribute_not_exists(orderId)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;

  return {
    async fulfil(order, content) {
      const request = new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { ...onlyIfNone, Item: itemOf(order, content, 'fulfilled', tables.now()) } },
          ...linesOf(order).map(({ sku, quantity }) => ({
            Update: {
              TableName: stockTable,
              Key: { sku: { S: sku } },
              UpdateExpression: 'SET available = available - :quantity',
              // False for an unknown SKU too: it has no `available`.
              ConditionExpression: 'available >= :quantity',
              ExpressionAttributeValues: { ':quantity': { N: String(quantity) } },
            },
          })),
        ],
      });
      return refusalOf('TransactWriteItems', client.send(request, { abortSignal }));
    },
    async backorder(order, content) {
      const Item = itemOf(order, content, 'backordered', tables.now());
      return refusalOf('PutItem', client.send(new PutItemCommand({ ...onlyIfNone, Item }), { abortSignal }));
    },
  };
}

function itemOf(
  order: Order,
  content: string,
  status: 'fulfilled' | 'backordered',
  decidedAt: Date,
): Record<string, AttributeValue> {
  return {
    orderId: { S: order.orderId },
    status: { S: status },
    customerId: { S: order.customerId },
    placedAt: { S: order.placedAt },
    lines: {
      L: linesOf(order).map(({ sku, quantity }) => ({ M: { sku: { S: sku }, quantity: { N: String(quantity) } } })),
    },
    decidedAt: { S: decidedAt.toISOString() },
    /** Tells a second delivery of this order from another order under the same id. */
    content: { S: content },
  };
}

/** Undefined where the request went through. */
async function refusalOf(api: string, request: Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (error instanceof TransactionCanceledException) {
      const [fulfilment, ...lines] = (error.CancellationReasons ?? []).map(resultOf);
      if (fulfilment) return [fulfilment, ...lines];
    }
    if (error instanceof ConditionalCheckFailedException)
      return [resultOf({ Code: 'ConditionalCheckFailed', Item: error.Item })];
    throw failureOf(api, error);
  }
}

function resultOf({ Code = 'None', Item }: CancellationReason): ActionResult {
  return { code: Code, content: Item?.['content']?.S };
}

function failureOf(api: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError') return error;
  const reason = busyErrors.includes(error.name) ? 'tables-busy' : 'unexpected';
  return new OrderFailed(reason, `${api}: ${error.name}`, { cause: error });
}
