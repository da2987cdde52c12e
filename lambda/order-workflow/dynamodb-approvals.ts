import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Approval, Approvals, Decision } from './approval';

export interface ApprovalsTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
}

/** Task tokens stay in this table: it is read by DecideApproval alone. */
export interface Request {
  readonly orderId: string;
  readonly customerId: string;
  readonly taskToken: string;
  readonly expiresAt: Date;
}

/** Keeps the token of a request that nobody has decided yet. Needs `dynamodb:UpdateItem`. */
export async function keepRequest({ client, table }: ApprovalsTable, request: Request): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { orderId: { S: request.orderId } },
      UpdateExpression: 'SET taskToken = :token, expiresAt = :expiresAt, customerId = :customerId',
      ConditionExpression: 'attribute_not_exists(decision)',
      ExpressionAttributeValues: {
        ':token': { S: request.taskToken },
        ':expiresAt': { S: request.expiresAt.toISOString() },
        ':customerId': { S: request.customerId },
      },
    }),
  );
}

/** Needs `dynamodb:GetItem` and `dynamodb:UpdateItem`. */
export function dynamodbApprovals({ client, table }: ApprovalsTable): Approvals {
  return {
    async get(orderId) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: { orderId: { S: orderId } }, ConsistentRead: true }),
      );
      return Item && approvalOf(Item);
    },
    async decide(orderId, decision, approver, comment, at) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { orderId: { S: orderId } },
            UpdateExpression: 'SET decision = :decision, approver = :approver, #comment = :comment, decidedAt = :at',
            ConditionExpression: 'attribute_exists(orderId) AND attribute_not_exists(decision) AND expiresAt > :at',
            ExpressionAttributeNames: { '#comment': 'comment' },
            ExpressionAttributeValues: {
              ':decision': { S: decision },
              ':approver': { S: approver },
              ':comment': { S: comment },
              ':at': { S: at.toISOString() },
            },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async settle(orderId, outcome) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { orderId: { S: orderId } },
          UpdateExpression: 'SET settled = :outcome REMOVE taskToken',
          ExpressionAttributeValues: { ':outcome': { S: outcome } },
        }),
      );
    },
  };
}

function approvalOf(item: Readonly<Record<string, AttributeValue>>): Approval {
  const text = (name: string): string | undefined => item[name]?.S;
  const [decision, taskToken, settled, approver] = ['decision', 'taskToken', 'settled', 'approver'].map(text);
  return {
    customerId: text('customerId') ?? '',
    expiresAt: new Date(text('expiresAt') ?? 0),
    ...(decision === undefined ? {} : { decision: decision as Decision }),
    ...(approver === undefined ? {} : { approver }),
    ...(taskToken === undefined ? {} : { taskToken }),
    ...(settled === 'delivered' || settled === 'expired' ? { settled } : {}),
  };
}
