import { GetItemCommand, PutItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FailedMessage } from './settle-message';

export interface FailureReasonsTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  readonly signal: AbortSignal;
}

/** What is known of a failure once the message has been set aside. */
export interface KeptReason {
  readonly reason: string;
  readonly detail: string;
  readonly orderId?: string;
}

/** Longer than a dead letter can wait: 14 days, and what the last delays add to the moment at which it is set aside. */
const keptDays = 16;

/**
 * Keeps why a message failed, by its id, since a malformed one has no other; the last failure stands. Needs
 * `dynamodb:PutItem`.
 */
export async function keepReason(
  { client, table, signal }: FailureReasonsTable,
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
    /** Seconds since 1970, as DynamoDB's time to live wants them. */
    expiresAt: { N: String(Math.floor(now.getTime() / 1_000) + keptDays * 86_400) },
    ...(orderId === undefined ? {} : { orderId: { S: orderId } }),
  };
  await client.send(new PutItemCommand({ TableName: table, Item }), { abortSignal: signal });
}

/** The reason of a message, if one was kept. Needs `dynamodb:GetItem`. */
export async function keptReason(
  { client, table, signal }: FailureReasonsTable,
  messageId: string,
): Promise<KeptReason | undefined> {
  const request = new GetItemCommand({ TableName: table, Key: { messageId: { S: messageId } } });
  const { Item } = await client.send(request, { abortSignal: signal });
  if (!Item) return undefined;
  const orderId = Item['orderId']?.S;
  return {
    reason: Item['reason']?.S ?? '',
    detail: Item['detail']?.S ?? '',
    ...(orderId === undefined ? {} : { orderId }),
  };
}
