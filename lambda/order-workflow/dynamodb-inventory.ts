import {
  BatchGetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { InventoryBusy, type Inventory } from './inventory';
import type { Order } from './order';

export interface InventoryTables {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly ordersTable: string;
  readonly inventoryTable: string;
  readonly now: () => Date;
}

/** The SKUs of an order that there are. Needs `dynamodb:BatchGetItem`. */
export async function knownSkus(
  { client, inventoryTable }: Pick<InventoryTables, 'client' | 'inventoryTable'>,
  skus: readonly string[],
): Promise<Set<string>> {
  const known = new Set<string>();
  let waiting: string[] = [...new Set(skus)];
  // A busy table leaves keys unanswered; what goes on leaving them ends with the function's timeout and is tried again.
  while (waiting.length > 0) {
    const Keys = waiting.map((sku) => ({ sku: { S: sku } }));
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [inventoryTable]: { Keys, ProjectionExpression: 'sku' } } }),
    );
    for (const item of Responses?.[inventoryTable] ?? []) known.add(item['sku']?.S ?? '');
    waiting = (UnprocessedKeys?.[inventoryTable]?.Keys ?? []).map((key) => key['sku']?.S ?? '');
  }
  return known;
}

/**
 * Stock in one transaction with the order's mark. Needs `dynamodb:UpdateItem` on both tables.
 *
 * The mark is the attribute `inventory` of the order: a repeated transaction meets it and takes nothing again.
 */
export function dynamodbInventory(tables: InventoryTables): Inventory {
  return {
    take: (order) => transact(tables, order, { from: 'attribute_not_exists(inventory)', to: 'taken', sign: '-' }),
    giveBack: (order) => transact(tables, order, { from: 'inventory = :taken', to: 'released', sign: '+' }),
    bar: (order) =>
      transact(tables, { ...order, items: [] }, { from: 'attribute_not_exists(inventory)', to: 'released', sign: '+' }),
  };
}

interface Change {
  /** The condition on the order's mark. */
  readonly from: string;
  readonly to: 'taken' | 'released';
  readonly sign: '+' | '-';
}

async function transact(
  tables: InventoryTables,
  order: Order,
  { from, to, sign }: Change,
): Promise<Awaited<ReturnType<Inventory['take']>>> {
  const { client, ordersTable, inventoryTable, now } = tables;
  const milestone = to === 'taken' ? 'stock taken' : 'stock given back';
  const mark = {
    Update: {
      TableName: ordersTable,
      Key: { orderId: { S: order.orderId } },
      UpdateExpression: 'SET inventory = :to, timeline.#milestone = :entry',
      ConditionExpression: `attribute_exists(orderId) AND ${from}`,
      ExpressionAttributeNames: { '#milestone': milestone },
      ExpressionAttributeValues: {
        ':to': { S: to },
        ':entry': { M: { at: { S: now().toISOString() } } },
        ...(from.includes(':taken') ? { ':taken': { S: 'taken' } } : {}),
      },
    },
  };
  const lines = order.items.map(({ sku, quantity }) => ({
    Update: {
      TableName: inventoryTable,
      Key: { sku: { S: sku } },
      UpdateExpression: `SET available = available ${sign} :quantity`,
      ConditionExpression: sign === '-' ? 'available >= :quantity' : 'attribute_exists(available)',
      ExpressionAttributeValues: { ':quantity': { N: String(quantity) } },
    },
  }));
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [mark, ...lines] }));
    return { done: true };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [marked, ...short] = (error.CancellationReasons ?? []).map(({ Code }) => Code);
    // The mark decides before all else: stock may be short because this very order took it.
    if (marked === 'ConditionalCheckFailed') return { done: false, marked: true, short: [] };
    const missing = order.items.filter((_, index) => short[index] === 'ConditionalCheckFailed').map(({ sku }) => sku);
    if (missing.length > 0) return { done: false, marked: false, short: missing };
    throw new InventoryBusy(`the transaction met another one: ${[marked, ...short].join(', ')}`);
  }
}
