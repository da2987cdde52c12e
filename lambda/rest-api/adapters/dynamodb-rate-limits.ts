import {
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { intervalOf, decide, latest, type RateLimit, type Verdict } from '../rate-limit';

export interface RateLimitsTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  readonly limit: RateLimit;
  readonly now: () => Date;
}

/**
 * Admits a request of a caller or does not, whatever other environments admit at the same time. Needs `dynamodb:UpdateItem`.
 *
 * One conditional update for a caller below its rate, a second one within its burst: DynamoDB's expressions have no maximum of
 * two values.
 */
export async function admit(table: RateLimitsTable, caller: string): Promise<Verdict> {
  const { limit } = table;
  const now = table.now().getTime() * 1_000;
  const idle = await update(table, caller, {
    UpdateExpression: 'SET busyUntil = :until, expiresAt = :expiresAt',
    ConditionExpression: 'attribute_not_exists(busyUntil) OR busyUntil < :now',
    ExpressionAttributeValues: {
      ':now': number(now),
      ':until': number(now + intervalOf(limit)),
      // Long after the whole burst is free again: what is deleted would be taken for none.
      ':expiresAt': number(Math.ceil(now / 1_000_000) + 86_400),
    },
  });
  if (idle.updated) return decide(limit, undefined, now);
  const seen = decide(limit, idle.until, now);
  if (!seen.admitted) return seen;
  const busy = await update(table, caller, {
    UpdateExpression: 'SET busyUntil = busyUntil + :interval',
    ConditionExpression: 'busyUntil BETWEEN :now AND :latest',
    ExpressionAttributeValues: {
      ':now': number(now),
      ':latest': number(latest(limit, now)),
      ':interval': number(intervalOf(limit)),
    },
  });
  // Where others have used up the burst in the meantime, the caller is refused by what they have left.
  return decide(
    limit,
    busy.updated ? busy.until - intervalOf(limit) : Math.max(busy.until, latest(limit, now) + 1),
    now,
  );
}

type Update = Pick<UpdateItemCommandInput, 'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'>;

/** Returns whether the item was updated, and its value then or as it is. */
async function update(
  { client, tableName }: RateLimitsTable,
  caller: string,
  expressions: Update,
): Promise<{ readonly updated: boolean; readonly until: number }> {
  try {
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { caller: { S: caller } },
        ...expressions,
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { updated: true, until: Number(Attributes?.['busyUntil']?.N) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { updated: false, until: Number(error.Item?.['busyUntil']?.N ?? 0) };
  }
}

function number(value: number): AttributeValue {
  return { N: String(value) };
}
