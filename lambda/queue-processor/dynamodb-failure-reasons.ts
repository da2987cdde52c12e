import { GetItemCommand, PutItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FailedMessage } from './process-message';

export interface FailureReasonsTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  readonly signal: AbortSignal;
}

/** Recorded cause of a message's failure. */
export interface SavedFailureReason {
  readonly reason: string;
  readonly detail: string;
  readonly orderId?: string;
}

/** Longer than a dead letter can wait: 14 days, and the last delays before it was moved to the dead-letter queue. */
const retentionDays = 16;

/**
 * Saves why a message failed, under its message id, since a malformed message has no order id. A later failure overwrites
 * an earlier one. Needs `dynamodb:PutItem`.
 */
export async function saveFailureReason(
  { client, tableName, signal }: FailureReasonsTable,
  failure: FailedMessage,
  now: Date,
): Promise<void> {
  const { messageId, orderId, reason, detail, receiveCount } = failure;
  const Item: Record<string, AttributeValue> = {
    messageId: { S: messageId },
    reason: { S: reason },
    detail: { S: detail },
    receiveCount: { N: String(receiveCount) },
    failedAt: { S: now.toISOString() },
    /** Seconds since 1970, the format of DynamoDB's time to live. */
    expiresAt: { N: String(Math.floor(now.getTime() / 1_000) + retentionDays * 86_400) },
    ...(orderId === undefined ? {} : { orderId: { S: orderId } }),
  };
  await client.send(new PutItemCommand({ TableName: tableName, Item }), { abortSignal: signal });
}

/** Returns the saved reason of a message, or undefined if there is none. Needs `dynamodb:GetItem`. */
export async function readFailureReason(
  { client, tableName, signal }: FailureReasonsTable,
  messageId: string,
): Promise<SavedFailureReason | undefined> {
  const request = new GetItemCommand({ TableName: tableName, Key: { messageId: { S: messageId } } });
  const { Item } = await client.send(request, { abortSignal: signal });
  if (!Item) return undefined;
  const orderId = Item['orderId']?.S;
  return {
    reason: Item['reason']?.S ?? '',
    detail: Item['detail']?.S ?? '',
    ...(orderId === undefined ? {} : { orderId }),
  };
}
