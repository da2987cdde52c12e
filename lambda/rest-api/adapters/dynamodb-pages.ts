import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { DocumentRecord } from '../document';
import { keyOf, recordOf, seconds, unexpired } from './document-item';
import type { DocumentsTable } from './dynamodb-documents';

export interface PageRequest {
  readonly owner: string;
  readonly limit: number;
  readonly after: string | undefined;
  readonly tag: string | undefined;
}

export interface Page {
  readonly records: readonly DocumentRecord[];
  /** Id after which the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

/** Queries of one request at most: a filter reads what it leaves out, too. */
const maximumQueries = 5;

/** Reads a page of an owner's documents, oldest first. Needs `dynamodb:Query`. A page may be short, and have a next one. */
export async function listDocuments({ client, tableName, now }: DocumentsTable, page: PageRequest): Promise<Page> {
  const { owner, limit, tag } = page;
  const records: DocumentRecord[] = [];
  let after = page.after;
  for (let query = 0; query < maximumQueries; query += 1) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: '#owner = :owner',
        FilterExpression: `${unexpired}${tag === undefined ? '' : ' AND contains(tags, :tag)'}`,
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: {
          ':owner': { S: owner },
          ':now': seconds(now()),
          ...(tag === undefined ? {} : { ':tag': { S: tag } }),
        },
        ConsistentRead: true,
        // One more than fits tells whether there is a next page.
        Limit: limit + 1,
        ...(after === undefined ? {} : { ExclusiveStartKey: keyOf({ owner, id: after }) }),
      }),
    );
    records.push(...Items.map(recordOf));
    if (records.length > limit) return { records: records.slice(0, limit), next: records[limit - 1]?.id };
    after = LastEvaluatedKey?.['documentId']?.S;
    if (after === undefined) return { records, next: undefined };
  }
  return { records, next: after };
}
