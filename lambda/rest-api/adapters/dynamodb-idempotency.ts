import {
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type AttributeValue,
  type CancellationReason,
} from '@aws-sdk/client-dynamodb';
import type { DocumentRecord } from '../document';
import { idempotencyHours } from '../idempotency';
import { itemOf, recordOf, seconds } from './document-item';
import type { DocumentsTable } from './dynamodb-documents';

export interface KeyedRequest {
  readonly key: string;
  readonly fingerprint: string;
  readonly record: DocumentRecord;
}

/**
 * Result of a keyed creation: the document, new or as the first request with the key made it; or the key was used for another
 * request; or the first request is running.
 */
export type Creation =
  | { readonly outcome: 'created'; readonly record: DocumentRecord }
  | { readonly outcome: 'other-request' }
  | { readonly outcome: 'running' };

/**
 * Writes a document and the key of its request at once, so that neither exists without the other. Needs `dynamodb:PutItem` on both
 * tables.
 */
export async function putOnce(
  { client, tableName, now }: DocumentsTable,
  keysTableName: string,
  { key, fingerprint, record }: KeyedRequest,
): Promise<Creation> {
  const until = new Date(now().getTime() + idempotencyHours * 3_600_000);
  const Item: Record<string, AttributeValue> = {
    owner: { S: record.owner },
    idempotencyKey: { S: key },
    fingerprint: { S: fingerprint },
    // As it was created: a later change does not change the answer.
    document: { M: itemOf(record) },
    expiresAt: seconds(until),
  };
  const keyed = {
    Put: {
      TableName: keysTableName,
      Item,
      // DynamoDB deletes expired items days later.
      ConditionExpression: 'attribute_not_exists(idempotencyKey) OR expiresAt <= :now',
      ExpressionAttributeValues: { ':now': seconds(now()) },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  };
  const document = {
    Put: {
      TableName: tableName,
      Item: itemOf(record),
      ConditionExpression: 'attribute_not_exists(documentId)',
    },
  };
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [keyed, document] }));
    return { outcome: 'created', record };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return creationOf(error.CancellationReasons ?? [], fingerprint, error);
  }
}

function creationOf(reasons: readonly CancellationReason[], fingerprint: string, error: Error): Creation {
  const [first] = reasons;
  if (first?.Item !== undefined) {
    const stored = first.Item['document']?.M;
    if (first.Item['fingerprint']?.S !== fingerprint || stored === undefined) return { outcome: 'other-request' };
    return { outcome: 'created', record: recordOf(stored) };
  }
  if (reasons.some(({ Code }) => Code === 'TransactionConflict')) return { outcome: 'running' };
  throw error;
}
