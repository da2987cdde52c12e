import {
  ConditionalCheckFailedException,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Column } from '../dataset';
import { ContendedRowError } from '../errors';
import type { EtlFile } from '../file';
import { decide, type LoadableRow, type StoredRow, type Verdict } from '../row-order';
import type { Value } from '../values';

export interface RowsTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  readonly signal: AbortSignal;
}

/** Attempts at a row that other executions write at the same time; each of them got further with it. */
const maximumAttempts = 10;

/**
 * Writes a row unless the table has its values or a newer state, in one request for most rows. Needs `dynamodb:PutItem`, and
 * `dynamodb:UpdateItem` for rows that are unchanged.
 *
 * A batch write takes no conditions, and would let an older file undo a newer one.
 *
 * @throws ContendedRowError
 */
export async function loadRow(table: RowsTable, file: EtlFile, row: LoadableRow): Promise<Verdict> {
  for (let attempt = 0; attempt < maximumAttempts; attempt++) {
    const stored = await putRow(table, file, row);
    if (stored === undefined) return 'loaded';
    const verdict = decide(row, stored);
    if (verdict === 'confirm') {
      if (await confirmRow(table, row)) return 'unchanged';
    } else if (verdict !== 'write') return verdict;
  }
  throw new ContendedRowError(`a row was written by others ${maximumAttempts} times`);
}

/** @returns the state that keeps the row from being written, or undefined if it was written */
async function putRow(
  { client, tableName, signal }: RowsTable,
  file: EtlFile,
  row: LoadableRow,
): Promise<StoredRow | undefined> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: toItem(file, row),
        ConditionExpression: 'attribute_not_exists(id) OR (#order < :order AND #hash <> :hash)',
        ExpressionAttributeNames: { '#order': 'order', '#hash': 'hash' },
        ExpressionAttributeValues: { ':order': { S: row.order }, ':hash': { S: row.hash } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
      { abortSignal: signal },
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { order, contentOrder, hash } = error.Item ?? {};
    return { order: order?.S ?? '', contentOrder: contentOrder?.S ?? '', hash: hash?.S ?? '' };
  }
}

/** Moves a row to a newer place without changing its values; returns false if it has changed meanwhile. */
async function confirmRow({ client, tableName, signal }: RowsTable, row: LoadableRow): Promise<boolean> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { id: { S: row.id } },
        UpdateExpression: 'SET #order = :order',
        ConditionExpression: '#order < :order AND #hash = :hash',
        ExpressionAttributeNames: { '#order': 'order', '#hash': 'hash' },
        ExpressionAttributeValues: { ':order': { S: row.order }, ':hash': { S: row.hash } },
      }),
      { abortSignal: signal },
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function toItem({ fileId, dataset }: EtlFile, row: LoadableRow): Record<string, AttributeValue> {
  const values = dataset.columns.flatMap((column, index) => {
    const value = toAttribute(column, row.values[index] ?? null);
    return value === undefined ? [] : [[column.name, value] as const];
  });
  return {
    id: { S: row.id },
    dataset: { S: dataset.name },
    values: { M: Object.fromEntries(values) },
    order: { S: row.order },
    contentOrder: { S: row.order },
    hash: { S: row.hash },
    fileId: { S: fileId },
    line: { N: String(row.line) },
  };
}

/** Numbers go from text to DynamoDB's own, which has 38 digits. Columns without a value are left out. */
function toAttribute({ type }: Column, value: Value): AttributeValue | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return { BOOL: value };
  return type === 'integer' || type === 'decimal' ? { N: value } : { S: value };
}
