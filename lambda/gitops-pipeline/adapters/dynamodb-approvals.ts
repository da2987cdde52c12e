import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { ApprovalRequest, Decision } from '../approval';
import { number, text, updated, type Item, type RunsTable } from './dynamodb-items';

export interface StoredApproval extends ApprovalRequest {
  readonly taskToken: string;
}

const keyOf = (runId: string, round: number): Item => ({ id: text(`approval#${runId}/${round}`) });

/** Stores a request, or its new task token; a decision that was made stays. Needs `dynamodb:UpdateItem`. */
export async function saveApproval({ client, tableName }: RunsTable, request: StoredApproval): Promise<StoredApproval> {
  const { runId, round, digest, diffHash, expiresAt, pusher, taskToken } = request;
  const { Attributes: item = {} } = await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: keyOf(runId, round),
      UpdateExpression:
        'SET taskToken = :token, digest = :digest, diffHash = :diff, expiresAt = if_not_exists(expiresAt, :expires)' +
        (pusher === undefined ? '' : ', pusher = :pusher'),
      ExpressionAttributeValues: {
        ':token': text(taskToken),
        ':digest': text(digest),
        ':diff': text(diffHash),
        ':expires': number(expiresAt),
        ...(pusher === undefined ? {} : { ':pusher': text(pusher) }),
      },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return approvalOf(runId, round, item);
}

/** Needs `dynamodb:GetItem`. */
export async function readApproval(
  { client, tableName }: RunsTable,
  runId: string,
  round: number,
): Promise<StoredApproval | undefined> {
  const get = new GetItemCommand({ TableName: tableName, Key: keyOf(runId, round), ConsistentRead: true });
  const { Item: item } = await client.send(get);
  return item === undefined ? undefined : approvalOf(runId, round, item);
}

/** Records a decision, the first time; returns whether it did. Needs `dynamodb:UpdateItem`. */
export async function recordDecision(
  { client, tableName }: RunsTable,
  { runId, round, decision }: Decision,
  by: string,
): Promise<boolean> {
  const update = new UpdateItemCommand({
    TableName: tableName,
    Key: keyOf(runId, round),
    UpdateExpression: 'SET decision = :decision, decidedBy = :by',
    ConditionExpression: 'attribute_exists(id) AND attribute_not_exists(decision)',
    ExpressionAttributeValues: { ':decision': text(decision), ':by': text(by) },
  });
  return (await updated(() => client.send(update))).done;
}

function approvalOf(runId: string, round: number, item: Item): StoredApproval {
  const { taskToken, digest, diffHash, expiresAt, pusher, decision } = item;
  return {
    runId,
    round,
    taskToken: taskToken?.S ?? '',
    digest: digest?.S ?? '',
    diffHash: diffHash?.S ?? '',
    expiresAt: Number(expiresAt?.N ?? 0),
    ...(pusher?.S === undefined ? {} : { pusher: pusher.S }),
    ...(decision?.S === undefined ? {} : { decision: decision.S }),
  };
}
