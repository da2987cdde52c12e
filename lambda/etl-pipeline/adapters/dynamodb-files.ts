import {
  ConditionalCheckFailedException,
  paginateQuery,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { watchedIndexName, type EtlFile } from '../file';

/** `processing` until an execution has ended with one of the others. */
export type FileStatus = 'processing' | 'loaded' | 'quarantined' | 'failed';

export interface FilesTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

export interface Claim {
  readonly file: Omit<EtlFile, 'generation'>;
  readonly execution: string;
  readonly at: string;
  /** Execution whose end an operator has seen, and which this one follows. */
  readonly replaces?: string;
}

/**
 * Claims a file for an execution, once for each version. Needs `dynamodb:PutItem`, and `dynamodb:UpdateItem` for a replay.
 *
 * @returns the generation and the place of the file, or undefined if another execution has it
 */
export async function claimFile(
  table: FilesTable,
  { file, execution, at, replaces }: Claim,
): Promise<Pick<EtlFile, 'generation' | 'order'> | undefined> {
  if (replaces !== undefined) return claimAgain(table, file.fileId, { execution, at, replaces });
  const Item = {
    fileId: { S: file.fileId },
    bucket: { S: file.bucket },
    key: { S: file.key },
    versionId: { S: file.versionId },
    dataset: { S: file.dataset.name },
    bytes: { N: String(file.bytes) },
    uploadedAt: { S: file.uploadedAt },
    order: { S: file.order },
    status: { S: 'processing' },
    execution: { S: execution },
    generation: { N: '1' },
    watch: { S: 'open' },
    since: { S: at },
  };
  const put = new PutItemCommand({
    TableName: table.tableName,
    Item,
    // The same execution asks again where the answer to it was lost.
    ConditionExpression: 'attribute_not_exists(fileId) OR (execution = :execution AND #status = :processing)',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':execution': { S: execution }, ':processing': { S: 'processing' } },
  });
  const { written } = await sendConditional(() => table.client.send(put));
  return written && { generation: 1, order: file.order };
}

/** A replay goes on only from the state that the operator has seen, or from its own claim, whose answer was lost. */
async function claimAgain(
  { client, tableName }: FilesTable,
  fileId: string,
  { execution, at, replaces }: { readonly execution: string; readonly at: string; readonly replaces: string },
): Promise<Pick<EtlFile, 'generation' | 'order'> | undefined> {
  const update = new UpdateItemCommand({
    TableName: tableName,
    Key: { fileId: { S: fileId } },
    UpdateExpression:
      'SET #status = :processing, execution = :execution, generation = generation + :one, watch = :open, since = :at',
    ConditionExpression: 'execution = :replaced AND #status <> :loaded',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':processing': { S: 'processing' },
      ':execution': { S: execution },
      ':one': { N: '1' },
      ':open': { S: 'open' },
      ':at': { S: at },
      ':replaced': { S: replaces },
      ':loaded': { S: 'loaded' },
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const { written, found } = await sendConditional(() => client.send(update));
  const claimed = written?.Attributes ?? found;
  if (claimed?.['execution']?.S !== execution || claimed['status']?.S !== 'processing') return undefined;
  return { generation: Number(claimed['generation']?.N), order: claimed['order']?.S ?? '' };
}

/** End of a file's execution. */
export interface FileEnd {
  readonly fileId: string;
  readonly generation: number;
  readonly status: Exclude<FileStatus, 'processing'>;
  readonly reason?: string | undefined;
  readonly at: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** Records how a file ended, unless a later execution has it; returns whether it did. Needs `dynamodb:UpdateItem`. */
export async function endFile({ client, tableName }: FilesTable, end: FileEnd): Promise<boolean> {
  // A failed file stays in the index until it has been replayed.
  const watch = end.status === 'failed' ? '' : ' REMOVE watch, since';
  const counts = Object.entries(end.counts).map(([name, count]) => [name, { N: String(count) }] as const);
  const update = new UpdateItemCommand({
    TableName: tableName,
    Key: { fileId: { S: end.fileId } },
    UpdateExpression: `SET #status = :status, endedAt = :at, reason = :reason, counts = :counts${watch}`,
    ConditionExpression: 'generation = :generation AND #status IN (:processing, :status)',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':status': { S: end.status },
      ':at': { S: end.at },
      ':reason': { S: end.reason ?? 'none' },
      ':counts': { M: Object.fromEntries(counts) },
      ':generation': { N: String(end.generation) },
      ':processing': { S: 'processing' },
    },
  });
  return (await sendConditional(() => client.send(update))).written !== undefined;
}

export interface OpenFiles {
  readonly count: number;
  /** Claim of the one that has waited longest. */
  readonly oldest?: Date;
}

/** Counts files that have not ended, or have failed. Needs `dynamodb:Query` on the index. */
export async function countOpenFiles({ client, tableName }: FilesTable): Promise<OpenFiles> {
  let count = 0;
  let oldest: string | undefined;
  const query = {
    TableName: tableName,
    IndexName: watchedIndexName,
    KeyConditionExpression: 'watch = :open',
    ExpressionAttributeValues: { ':open': { S: 'open' } },
  };
  for await (const { Items = [] } of paginateQuery({ client }, query)) {
    count += Items.length;
    oldest ??= Items[0]?.['since']?.S;
  }
  return { count, ...(oldest === undefined ? {} : { oldest: new Date(oldest) }) };
}

/** Sends a write with a condition; `found` is the item that keeps it from being made, where the request asks for it. */
async function sendConditional<T>(
  send: () => Promise<T>,
): Promise<{ readonly written?: T; readonly found?: Record<string, AttributeValue> | undefined }> {
  try {
    return { written: await send() };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { found: error.Item };
    throw error;
  }
}
