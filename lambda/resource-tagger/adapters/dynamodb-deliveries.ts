import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { DeliveryStore } from '../deliver-notices';

/** Longer than a message can wait in the queue and among the dead letters. */
const retentionSeconds = 20 * 86_400;

export interface DeliveriesTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly TableName: string;
  /** Longer than an invocation, which releases its claims itself unless it is killed. */
  readonly leaseSeconds: number;
  readonly now: () => number;
}

/** Deliveries to one channel. Needs `dynamodb:GetItem`, `PutItem` and `DeleteItem`. */
export function dynamodbDeliveries(
  { client, TableName, leaseSeconds, now }: DeliveriesTable,
  channel: string,
  abortSignal: AbortSignal,
): DeliveryStore {
  const keyOf = (id: string): string => `${channel}/notice/${id}`;
  const pauseKey = `${channel}/pause`;
  const seconds = (): number => Math.floor(now() / 1_000);
  const put = async (id: string, more: Record<string, { S: string } | { N: string }>): Promise<void> => {
    const Item = { id: { S: id }, expiresAt: { N: String(seconds() + retentionSeconds) }, ...more };
    await client.send(new PutItemCommand({ TableName, Item }), { abortSignal });
  };
  return {
    async pausedUntil() {
      const Key = { id: { S: pauseKey } };
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }), { abortSignal });
      return Number(Item?.['pausedUntil']?.N ?? 0);
    },
    pauseUntil: (time) => put(pauseKey, { pausedUntil: { N: String(Math.ceil(time)) } }),
    async claim(id) {
      try {
        const Item = {
          id: { S: keyOf(id) },
          leaseUntil: { N: String(seconds() + leaseSeconds) },
          expiresAt: { N: String(seconds() + retentionSeconds) },
        };
        const request = new PutItemCommand({
          TableName,
          Item,
          ConditionExpression: 'attribute_not_exists(id) OR leaseUntil < :now',
          ExpressionAttributeValues: { ':now': { N: String(seconds()) } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        });
        await client.send(request, { abortSignal });
        return 'claimed';
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return error.Item?.['deliveredAt'] === undefined ? 'busy' : 'delivered';
      }
    },
    async release(id) {
      await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: keyOf(id) } } }), { abortSignal });
    },
    confirm: (id) => put(keyOf(id), { deliveredAt: { S: new Date(now()).toISOString() } }),
  };
}
