import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { keyOf, type DocumentId } from './document-item';
import type { DocumentsTable } from './dynamodb-documents';

export interface ArrivedUpload extends DocumentId {
  readonly bytes: number;
  readonly versionId: string;
}

/** Result of an upload: its document is available now or was before, there is none, or it is of another size. */
export type UploadOutcome = 'recorded' | 'known' | 'no-document' | 'other-size';

/** Makes a document available once its content has arrived. Needs `dynamodb:UpdateItem`. */
export async function recordArrival(
  { client, tableName, now }: DocumentsTable,
  { owner, id, bytes, versionId }: ArrivedUpload,
): Promise<UploadOutcome> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: keyOf({ owner, id }),
        UpdateExpression:
          'SET #status = :available, versionId = :versionId, updatedAt = :at, version = version + :one REMOVE expiresAt',
        ConditionExpression: 'attribute_exists(documentId) AND #status = :awaiting AND bytes = :bytes',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':available': { S: 'available' },
          ':awaiting': { S: 'awaiting-upload' },
          ':bytes': { N: String(bytes) },
          ':versionId': { S: versionId },
          ':at': { S: now().toISOString() },
          ':one': { N: '1' },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return 'recorded';
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if (error.Item === undefined) return 'no-document';
    return error.Item['status']?.S === 'available' ? 'known' : 'other-size';
  }
}
