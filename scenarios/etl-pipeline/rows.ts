import { BatchGetItemCommand, BatchWriteItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';

/** Product as a file and the table have it. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly price: string;
  readonly currency: string;
  readonly stock: string;
  readonly updatedAt: string;
}

export const header = 'sku,name,price,currency,stock,discontinued,available_from,updated_at';

/** Line of a CSV file. */
export function csvLine({ sku, name, price, currency, stock, updatedAt }: Product): string {
  const quoted = /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
  return [sku, quoted, price, currency, stock, 'no', '2026-01-31', updatedAt].join(',');
}

export function csv(products: readonly Product[], lineEnd = '\n'): string {
  return [header, ...products.map(csvLine)].map((line) => line + lineEnd).join('');
}

/** Product whose SKU begins with the run's id, so that checks do not see each other's rows. */
export function product(run: Pick<ScenarioRun, 'runId'>, index: number, more: Partial<Product> = {}): Product {
  return {
    sku: `${run.runId.toUpperCase()}-${index}`,
    name: `Product ${index}`,
    price: `${index}.5`,
    currency: 'EUR',
    stock: String(index % 100),
    updatedAt: '2026-11-26T10:00:00.000Z',
    ...more,
  };
}

/** Reads products from the table; undefined: there is none. Removes them when the check ends. */
export async function readProducts(
  run: ScenarioRun,
  { dynamodb, rowsTable }: Deployment,
  skus: readonly string[],
  dataset = 'products',
): Promise<(Product | undefined)[]> {
  const keys = skus.map((sku) => ({ id: { S: `${dataset}#${sku}` } }));
  run.cleanUp('the rows', async () => {
    const batches = inBatches(keys, 25).map((some) => ({
      RequestItems: { [rowsTable]: some.map((Key) => ({ DeleteRequest: { Key } })) },
    }));
    await pMap(batches, (batch) => dynamodb.send(new BatchWriteItemCommand(batch)), { concurrency: 4 });
  });
  const found = new Map<string, Product>();
  await pMap(
    inBatches(keys, 100),
    async (some) => {
      const request = { RequestItems: { [rowsTable]: { Keys: some, ConsistentRead: true } } };
      const { Responses, UnprocessedKeys = {} } = await dynamodb.send(new BatchGetItemCommand(request));
      if (Object.keys(UnprocessedKeys).length > 0) throw new Error('the table did not answer for all keys');
      for (const item of Responses?.[rowsTable] ?? []) found.set(item['id']?.S ?? '', toProduct(item));
    },
    { concurrency: 4 },
  );
  return skus.map((sku) => found.get(`${dataset}#${sku}`));
}

function inBatches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

function toProduct(item: Readonly<Record<string, AttributeValue>>): Product {
  const values = item['values']?.M ?? {};
  const text = (name: string): string => values[name]?.S ?? values[name]?.N ?? '';
  return {
    sku: text('sku'),
    name: text('name'),
    price: text('price'),
    currency: text('currency'),
    stock: text('stock'),
    updatedAt: text('updatedAt'),
  };
}
