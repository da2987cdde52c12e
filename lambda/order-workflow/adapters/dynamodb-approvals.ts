import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

export interface ApprovalsTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
}

export type Decision = 'approve' | 'reject';

export interface Approval {
  readonly customerId: string;
  readonly expiresAt: Date;
  readonly decision?: Decision;
  readonly approver?: string;
  /** Task token; absent once the state machine has received the decision. Only DecideApproval reads this table. */
  readonly taskToken?: string;
  readonly settled?: 'delivered';
}

/**
 * Saves the task token of a request that has no decision yet. Needs `dynamodb:UpdateItem`.
 *
 * @returns the decision if there is one, and saves nothing then
 */
export async function saveRequest(
  { client, tableName }: ApprovalsTable,
  orderId: string,
  request: Required<Pick<Approval, 'customerId' | 'expiresAt' | 'taskToken'>>,
): Promise<{ readonly decision: Decision; readonly approver: string } | undefined> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { orderId: { S: orderId } },
        UpdateExpression: 'SET taskToken = :token, expiresAt = :expiresAt, customerId = :customerId REMOVE settled',
        ConditionExpression: 'attribute_not_exists(decision)',
        ExpressionAttributeValues: {
          ':token': { S: request.taskToken },
          ':expiresAt': { S: request.expiresAt.toISOString() },
          ':customerId': { S: request.customerId },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
    const { decision, approver = '' } = parseApproval(error.Item);
    if (decision === undefined) throw error;
    return { decision, approver };
  }
}

/** Reads a request for approval. Needs `dynamodb:GetItem`. */
export async function getApproval(
  { client, tableName }: ApprovalsTable,
  orderId: string,
): Promise<Approval | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { orderId: { S: orderId } }, ConsistentRead: true }),
  );
  return Item && parseApproval(Item);
}

/**
 * Records a decision. Needs `dynamodb:UpdateItem`.
 *
 * @returns false if there is a decision already, or the request has expired
 */
export async function recordDecision(
  { client, tableName }: ApprovalsTable,
  orderId: string,
  { decision, approver, comment, at }: { decision: Decision; approver: string; comment: string; at: Date },
): Promise<boolean> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
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
}

/** Deletes the task token once the state machine has received the decision. Needs `dynamodb:UpdateItem`. */
export async function closeRequest({ client, tableName }: ApprovalsTable, orderId: string): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { orderId: { S: orderId } },
      UpdateExpression: 'SET settled = :outcome REMOVE taskToken',
      ExpressionAttributeValues: { ':outcome': { S: 'delivered' } },
    }),
  );
}

function parseApproval(item: Readonly<Record<string, AttributeValue>>): Approval {
  const text = (name: string): string | undefined => item[name]?.S;
  const [decision, taskToken, settled, approver] = ['decision', 'taskToken', 'settled', 'approver'].map(text);
  return {
    customerId: text('customerId') ?? '',
    expiresAt: new Date(text('expiresAt') ?? 0),
    ...(decision === undefined ? {} : { decision: decision as Decision }),
    ...(approver === undefined ? {} : { approver }),
    ...(taskToken === undefined ? {} : { taskToken }),
    ...(settled === 'delivered' ? { settled } : {}),
  };
}
