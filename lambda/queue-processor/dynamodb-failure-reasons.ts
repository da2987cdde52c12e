import {
  BatchGetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
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

/** Attempts of a read whose keys were not all processed. */
const readAttempts = 4;

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

/**
 * Returns the saved reasons by message id, of up to a hundred messages. Needs `dynamodb:BatchGetItem`.
 *
 * @throws Error if the table is throttled for longer than a few attempts take
 */
export async function readFailureReasons(
  { client, tableName, signal }: FailureReasonsTable,
  messageIds: readonly string[],
  /** Waits before attempt number `next`, counted from 2. */
  pause: (next: number) => Promise<void>,
): Promise<Map<string, SavedFailureReason>> {
  const reasons = new Map<string, SavedFailureReason>();
  let Keys: Record<string, AttributeValue>[] = messageIds.map((messageId) => ({ messageId: { S: messageId } }));
  for (let attempt = 1; Keys.length > 0; attempt++) {
    if (attempt > readAttempts) throw new Error(`${Keys.length} reasons were not read: ${tableName} is throttled`);
    if (attempt > 1) await pause(attempt);
    const request = new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys } } });
    const { Responses, UnprocessedKeys } = await client.send(request, { abortSignal: signal });
    for (const item of Responses?.[tableName] ?? []) reasons.set(item['messageId']?.S ?? '', toReason(item));
    Keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return reasons;
}

function toReason(item: Readonly<Record<string, AttributeValue>>): SavedFailureReason {
  const orderId = item['orderId']?.S;
  return {
    reason: item['reason']?.S ?? '',
    detail: item['detail']?.S ?? '',
    ...(orderId === undefined ? {} : { orderId }),
  };
}
