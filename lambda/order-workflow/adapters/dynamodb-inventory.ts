import {
  BatchGetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { ServiceBusyError } from '../../shared/service-busy';
import type { Order } from '../order';
import { getOrder } from './dynamodb-orders';

export interface InventoryTables {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly ordersTableName: string;
  readonly inventoryTableName: string;
  readonly now: () => Date;
}

export type Reservation =
  | { readonly outcome: 'reserved' }
  | { readonly outcome: 'out-of-stock'; readonly missing: readonly string[] };

/** Stock cannot be changed as requested, and a retry cannot help. */
export class InventoryConflictError extends Error {
  override readonly name = 'InventoryConflictError';
}

/** Returns those SKUs that exist in the inventory. Needs `dynamodb:BatchGetItem`. */
export async function findKnownSkus(
  { client, inventoryTableName }: Pick<InventoryTables, 'client' | 'inventoryTableName'>,
  skus: readonly string[],
): Promise<Set<string>> {
  const known = new Set<string>();
  let pending: string[] = [...new Set(skus)];
  // A throttled table leaves keys unprocessed; if it keeps doing so, the function times out and the step is retried.
  while (pending.length > 0) {
    const Keys = pending.map((sku) => ({ sku: { S: sku } }));
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [inventoryTableName]: { Keys, ProjectionExpression: 'sku' } } }),
    );
    for (const item of Responses?.[inventoryTableName] ?? []) known.add(item['sku']?.S ?? '');
    pending = (UnprocessedKeys?.[inventoryTableName]?.Keys ?? []).map((key) => key['sku']?.S ?? '');
  }
  return known;
}

/**
 * Reserves all items of an order or none, once however often it is called.
 *
 * Stock and the order's attribute `inventory` change in one transaction, so a repeated call finds the attribute set and
 * reserves nothing again. Needs `dynamodb:UpdateItem` on both tables and `dynamodb:GetItem` on orders.
 *
 * @throws ServiceBusyError if a retry may help, InventoryConflictError if the stock was released before
 */
export async function reserveStock(tables: InventoryTables, order: Order): Promise<Reservation> {
  const change = await updateStock(tables, order, reserve);
  if (change === 'applied') return { outcome: 'reserved' };
  if (change !== 'refused') return { outcome: 'out-of-stock', missing: change.short };
  if ((await getInventory(tables, order.orderId)) === 'reserved') return { outcome: 'reserved' };
  throw new InventoryConflictError(`order ${order.orderId}: its stock was released and cannot be reserved again`);
}

/**
 * Releases an order's stock if it was reserved; otherwise blocks a reservation that arrives later.
 *
 * Needs `dynamodb:UpdateItem` on both tables and `dynamodb:GetItem` on orders.
 *
 * @throws ServiceBusyError if a retry may help, InventoryConflictError if a SKU no longer exists
 */
export async function releaseStock(tables: InventoryTables, order: Order): Promise<{ readonly outcome: 'released' }> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const inventory = await getInventory(tables, order.orderId);
    if (inventory === 'released') return { outcome: 'released' };
    const change =
      inventory === 'reserved'
        ? await updateStock(tables, order, release)
        : await updateStock(tables, { ...order, items: [] }, blockReservation);
    if (change === 'applied') return { outcome: 'released' };
    if (change !== 'refused') {
      throw new InventoryConflictError(`order ${order.orderId}: SKUs no longer exist: ${change.short.join(', ')}`);
    }
  }
  throw new ServiceBusyError(`order ${order.orderId}: its reservation changed three times`);
}

/**
 * Cancellation reasons of a transaction that a later attempt may clear.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const busyCodes = ['TransactionConflict', 'ProvisionedThroughputExceeded', 'ThrottlingError'];

interface StockUpdate {
  /** Condition on the order's attribute `inventory`. */
  readonly condition: string;
  readonly inventory: 'reserved' | 'released';
  readonly milestone: 'stock reserved' | 'stock released';
  readonly sign: '+' | '-';
}

const reserve: StockUpdate = {
  condition: 'attribute_not_exists(inventory)',
  inventory: 'reserved',
  milestone: 'stock reserved',
  sign: '-',
};
const release: StockUpdate = {
  condition: 'inventory = :reserved',
  inventory: 'released',
  milestone: 'stock released',
  sign: '+',
};
const blockReservation: StockUpdate = { ...release, condition: 'attribute_not_exists(inventory)' };

/** Changes nothing if `refused` by the order's attribute `inventory`, or if SKUs are short. */
async function updateStock(
  { client, ordersTableName, inventoryTableName, now }: InventoryTables,
  order: Order,
  { condition, inventory, milestone, sign }: StockUpdate,
): Promise<'applied' | 'refused' | { readonly short: readonly string[] }> {
  const orderUpdate = {
    Update: {
      TableName: ordersTableName,
      Key: { orderId: { S: order.orderId } },
      UpdateExpression: 'SET inventory = :inventory, timeline.#milestone = :entry',
      ConditionExpression: `attribute_exists(orderId) AND ${condition}`,
      ExpressionAttributeNames: { '#milestone': milestone },
      ExpressionAttributeValues: {
        ':inventory': { S: inventory },
        ':entry': { M: { at: { S: now().toISOString() } } },
        ...(condition.includes(':reserved') ? { ':reserved': { S: 'reserved' } } : {}),
      },
    },
  };
  const lines = order.items.map(({ sku, quantity }) => ({
    Update: {
      TableName: inventoryTableName,
      Key: { sku: { S: sku } },
      UpdateExpression: `SET available = available ${sign} :quantity`,
      ConditionExpression: sign === '-' ? 'available >= :quantity' : 'attribute_exists(available)',
      ExpressionAttributeValues: { ':quantity': { N: String(quantity) } },
    },
  }));
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [orderUpdate, ...lines] }));
    return 'applied';
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [orderCode, ...lineCodes] = (error.CancellationReasons ?? []).map(({ Code }) => Code);
    // The order's attribute is checked first: stock may be short because this order reserved it.
    if (orderCode === 'ConditionalCheckFailed') return 'refused';
    const short = order.items.filter((_, index) => lineCodes[index] === 'ConditionalCheckFailed').map(({ sku }) => sku);
    if (short.length > 0) return { short };
    if ([orderCode, ...lineCodes].some((code) => busyCodes.includes(code ?? ''))) {
      throw new ServiceBusyError(`transaction canceled: ${[orderCode, ...lineCodes].join(', ')}`);
    }
    throw error;
  }
}

async function getInventory({ client, ordersTableName }: InventoryTables, orderId: string) {
  return (await getOrder({ client, tableName: ordersTableName }, { orderId })).inventory;
}
