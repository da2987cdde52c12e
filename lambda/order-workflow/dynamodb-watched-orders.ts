import { QueryCommand, type DynamoDBClient, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';

export interface Watched {
  readonly count: number;
  /** Undefined where there is none. */
  readonly oldest: Date | undefined;
}

/** Orders in a status that somebody has to do something about. Needs `dynamodb:Query` on the index. */
export async function watchedOrders(
  { client, table, index }: { client: Pick<DynamoDBClient, 'send'>; table: string; index: string },
  status: 'awaiting-approval' | 'needs-attention',
): Promise<Watched> {
  let count = 0;
  let oldest: Date | undefined;
  let start: QueryCommandOutput['LastEvaluatedKey'];
  const page = (ExclusiveStartKey: typeof start) =>
    client.send(
      new QueryCommand({
        TableName: table,
        IndexName: index,
        KeyConditionExpression: 'watch = :status',
        ExpressionAttributeValues: { ':status': { S: status } },
        ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
      }),
    );
  do {
    const { Items = [], LastEvaluatedKey } = await page(start);
    const since = Items[0]?.['watchedSince']?.S;
    // The index is sorted by the moment, so the first of all is the oldest.
    if (oldest === undefined && since !== undefined) oldest = new Date(since);
    count += Items.length;
    start = LastEvaluatedKey;
  } while (start !== undefined);
  return { count, oldest };
}
