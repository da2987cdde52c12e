import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type AttributeValue,
  type CancellationReason,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { ActionResult, CancellationReasons } from './fulfilment';
import { isThrottledOrConflict } from '../shared/service-busy';
import { linesOf, type Order } from './order';
import { OrderFailedError } from './order-failure';

export interface FulfilmentTables {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly fulfilmentsTableName: string;
  readonly stockTableName: string;
  /** Ends requests before the invocation ends. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/**
 * Writes the fulfilment, if the order has none, and takes each line from stock, if there is enough: all or nothing. Needs
 * `dynamodb:PutItem` on the table `Fulfilments` and `dynamodb:UpdateItem` on `Stock`.
 *
 * The transaction has no ClientRequestToken of ours. A token recognizes a repeated request for ten minutes, and only if its
 * parameters are identical; the condition on the fulfilment recognizes it at any time. The SDK adds a token to each call, so
 * that its own retry of a request whose answer was lost succeeds instead of failing on the fulfilment it just wrote.
 *
 * @returns undefined if it was written, or why nothing was
 * @throws OrderFailedError `tables-busy` or `unexpected`
 */
export async function writeFulfilment(
  tables: FulfilmentTables,
  order: Order,
  fingerprint: string,
): Promise<CancellationReasons | undefined> {
  const request = new TransactWriteItemsCommand({
    TransactItems: [
      { Put: putIfAbsent(tables, order, fingerprint, 'fulfilled') },
      ...linesOf(order).map(({ sku, quantity }) => ({
        Update: {
          TableName: tables.stockTableName,
          Key: { sku: { S: sku } },
          UpdateExpression: 'SET available = available - :quantity',
          // False for an unknown SKU too, which has no `available`.
          ConditionExpression: 'available >= :quantity',
          ExpressionAttributeValues: { ':quantity': { N: String(quantity) } },
        },
      })),
    ],
  });
  return reasonsIfRefused('TransactWriteItems', tables.client.send(request, { abortSignal: tables.signal }));
}

/**
 * Writes the fulfilment as backordered, if the order has none; stock is not changed. Needs `dynamodb:PutItem` on the table
 * `Fulfilments`.
 *
 * @returns undefined if it was written, or why it was not
 * @throws OrderFailedError `tables-busy` or `unexpected`
 */
export async function writeBackorder(
  tables: FulfilmentTables,
  order: Order,
  fingerprint: string,
): Promise<CancellationReasons | undefined> {
  const request = new PutItemCommand(putIfAbsent(tables, order, fingerprint, 'backordered'));
  return reasonsIfRefused('PutItem', tables.client.send(request, { abortSignal: tables.signal }));
}

function putIfAbsent(
  { fulfilmentsTableName, now }: FulfilmentTables,
  order: Order,
  fingerprint: string,
  status: 'fulfilled' | 'backordered',
) {
  const Item: Record<string, AttributeValue> = {
    orderId: { S: order.orderId },
    status: { S: status },
    customerId: { S: order.customerId },
    placedAt: { S: order.placedAt },
    lines: {
      L: linesOf(order).map(({ sku, quantity }) => ({ M: { sku: { S: sku }, quantity: { N: String(quantity) } } })),
    },
    decidedAt: { S: now().toISOString() },
    /** Distinguishes a second delivery of this order from another order with the same id. */
    content: { S: fingerprint },
  };
  return {
    TableName: fulfilmentsTableName,
    Item,
    ConditionExpression: 'attribute_not_exists(orderId)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
}

async function reasonsIfRefused(api: string, request: Promise<unknown>): Promise<CancellationReasons | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (error instanceof TransactionCanceledException) {
      const [fulfilment, ...lines] = (error.CancellationReasons ?? []).map(toActionResult);
      if (fulfilment) return [fulfilment, ...lines];
    }
    if (error instanceof ConditionalCheckFailedException)
      return [toActionResult({ Code: 'ConditionalCheckFailed', Item: error.Item })];
    throw toOrderFailure(api, error);
  }
}

function toActionResult({ Code = 'None', Item }: CancellationReason): ActionResult {
  return { code: Code, fingerprint: Item?.['content']?.S };
}

function toOrderFailure(api: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError') return error;
  const reason = isThrottledOrConflict(error) ? 'tables-busy' : 'unexpected';
  return new OrderFailedError(reason, `${api}: ${error.name}`, { cause: error });
}
