import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { isExpired, type DocumentRecord } from '../document';
import { attributeOf, itemOf, keyOf, recordOf, seconds, unexpired, type DocumentId, type Item } from './document-item';

export interface DocumentsTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  readonly now: () => Date;
}

/** Writes a new document. Needs `dynamodb:PutItem`. A retry of the SDK that finds its own item has succeeded. */
export async function putDocument({ client, tableName }: DocumentsTable, record: DocumentRecord): Promise<void> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: itemOf(record),
        ConditionExpression: 'attribute_not_exists(documentId)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Reads a document of an owner, undefined where there is none or its content never arrived. Needs `dynamodb:GetItem`. */
export async function getDocument(
  { client, tableName, now }: DocumentsTable,
  id: DocumentId,
): Promise<DocumentRecord | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: keyOf(id), ConsistentRead: true }),
  );
  return live(Item, now());
}

/** Result of a conditional write. */
export type Written =
  | { readonly outcome: 'written'; readonly record: DocumentRecord }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'changed' };

export interface DocumentChange {
  readonly changes: { readonly title?: string; readonly tags?: readonly string[] };
  /** Versions that the change is for. */
  readonly versions: readonly number[] | 'any';
  /** Id of the request: a retry of the SDK finds the change that it has made itself. */
  readonly requestId: string;
}

/** Changes a document of a known version. Needs `dynamodb:UpdateItem`. */
export async function updateDocument(
  table: DocumentsTable,
  id: DocumentId,
  { changes, versions, requestId }: DocumentChange,
): Promise<Written> {
  const now = table.now();
  const sets = Object.entries(changes).map(([name, value]) => ({ name, value }));
  const condition = conditionOf(versions);
  return conditionally(table, { id, versions, requestId }, () =>
    table.client.send(
      new UpdateItemCommand({
        TableName: table.tableName,
        Key: keyOf(id),
        UpdateExpression: [
          'SET version = version + :one, updatedAt = :at, changedBy = :request',
          ...sets.map(({ name }) => `#${name} = :${name}`),
        ].join(', '),
        ConditionExpression: `${exists} AND ${condition.expression}`,
        ...(sets.length === 0
          ? {}
          : { ExpressionAttributeNames: Object.fromEntries(sets.map(({ name }) => [`#${name}`, name])) }),
        ExpressionAttributeValues: {
          ':one': { N: '1' },
          ':at': { S: now.toISOString() },
          ':now': seconds(now),
          ':request': { S: requestId },
          ...condition.values,
          ...Object.fromEntries(sets.map(({ name, value }) => [`:${name}`, attributeOf(value)])),
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  );
}

/** Deletes a document of a known version. Needs `dynamodb:DeleteItem`. */
export async function deleteDocument(
  table: DocumentsTable,
  id: DocumentId,
  versions: readonly number[] | 'any',
): Promise<Written> {
  const condition = conditionOf(versions);
  return conditionally(table, { id, versions }, () =>
    table.client.send(
      new DeleteItemCommand({
        TableName: table.tableName,
        Key: keyOf(id),
        ConditionExpression: `${exists} AND ${condition.expression}`,
        ExpressionAttributeValues: { ':now': seconds(table.now()), ...condition.values },
        ReturnValues: 'ALL_OLD',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  );
}

interface Expected {
  readonly id: DocumentId;
  readonly versions: readonly number[] | 'any';
  readonly requestId?: string;
}

/** Runs a conditional write that returns the item of before or after it, and the item where the condition fails. */
async function conditionally(
  table: DocumentsTable,
  { id, versions, requestId }: Expected,
  write: () => Promise<{ readonly Attributes?: Item | undefined }>,
): Promise<Written> {
  if (versions.length === 0) return { outcome: (await getDocument(table, id)) === undefined ? 'missing' : 'changed' };
  try {
    const { Attributes = {} } = await write();
    return { outcome: 'written', record: recordOf(Attributes) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const found = live(error.Item, table.now());
    if (found === undefined) return { outcome: 'missing' };
    const isOwn = requestId !== undefined && error.Item?.['changedBy']?.S === requestId;
    return isOwn ? { outcome: 'written', record: found } : { outcome: 'changed' };
  }
}

const exists = `attribute_exists(documentId) AND ${unexpired}`;

function conditionOf(versions: readonly number[] | 'any'): {
  expression: string;
  values: Record<string, AttributeValue>;
} {
  if (versions === 'any') return { expression: 'attribute_exists(version)', values: {} };
  const names = versions.map((_, index) => `:version${index}`);
  return {
    expression: `version IN (${names.join(', ')})`,
    values: Object.fromEntries(versions.map((version, index) => [`:version${index}`, { N: String(version) }])),
  };
}

function live(item: Item | undefined, now: Date): DocumentRecord | undefined {
  if (item === undefined) return undefined;
  const record = recordOf(item);
  return isExpired(record, now) ? undefined : record;
}
