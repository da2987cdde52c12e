import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type AttributeValue,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import type { Deployment } from './deployment';
import { chunks } from './queues';

type Item = Record<string, AttributeValue>;

const concurrency = 4;
/** Limits of BatchGetItem and BatchWriteItem. */
const [readAtOnce, writtenAtOnce] = [100, 25];

export interface Fulfilment {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: string;
  /** ISO 8601, with milliseconds. */
  readonly decidedAt: string;
}

/** Returns the fulfilments that exist under these ids. */
export async function fulfilmentsOf(deployment: Deployment, orderIds: readonly string[]): Promise<Fulfilment[]> {
  const items = await readItems(deployment, deployment.fulfilmentsTable, 'orderId', orderIds);
  const text = (item: Item, name: string): string => item[name]?.S ?? '';
  return items.map((item) => ({
    orderId: text(item, 'orderId'),
    customerId: text(item, 'customerId'),
    status: text(item, 'status'),
    decidedAt: text(item, 'decidedAt'),
  }));
}

/** Returns the units in stock, by SKU. */
export async function stockOf(deployment: Deployment, skus: readonly string[]): Promise<Map<string, number>> {
  const items = await readItems(deployment, deployment.stockTable, 'sku', skus);
  return new Map(items.map((item) => [item['sku']?.S ?? '', Number(item['available']?.N)]));
}

export async function putStock(deployment: Deployment, units: ReadonlyMap<string, number>): Promise<void> {
  const requests = [...units].map(([sku, available]): WriteRequest => {
    return { PutRequest: { Item: { sku: { S: sku }, available: { N: String(available) } } } };
  });
  await write(deployment, deployment.stockTable, requests);
}

export async function deleteItems(
  deployment: Deployment,
  table: string,
  key: string,
  values: readonly string[],
): Promise<void> {
  const requests = [...new Set(values)].map((value) => ({ DeleteRequest: { Key: { [key]: { S: value } } } }));
  await write(deployment, table, requests);
}

async function readItems(
  { dynamodb }: Deployment,
  table: string,
  key: string,
  values: readonly string[],
): Promise<Item[]> {
  const read = async (chunk: readonly string[]): Promise<Item[]> => {
    const found: Item[] = [];
    let Keys: Item[] = chunk.map((value) => ({ [key]: { S: value } }));
    while (Keys.length > 0) {
      const RequestItems = { [table]: { Keys, ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await dynamodb.send(new BatchGetItemCommand({ RequestItems }));
      found.push(...(Responses?.[table] ?? []));
      Keys = UnprocessedKeys?.[table]?.Keys ?? [];
      if (Keys.length > 0) await sleep(200);
    }
    return found;
  };
  return (await pMap(chunks(values, readAtOnce), read, { concurrency })).flat();
}

async function write({ dynamodb }: Deployment, table: string, requests: readonly WriteRequest[]): Promise<void> {
  const writeChunk = async (chunk: WriteRequest[]): Promise<void> => {
    let left = chunk;
    while (left.length > 0) {
      const { UnprocessedItems } = await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }));
      left = UnprocessedItems?.[table] ?? [];
      if (left.length > 0) await sleep(200);
    }
  };
  await pMap(chunks(requests, writtenAtOnce), writeChunk, { concurrency });
}
