import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { text, type Item, type RunsTable } from './dynamodb-items';

/** Build of a step: who waits for it, and which one it is once CodeBuild has said so. */
export interface StoredBuild {
  readonly id: string;
  readonly taskToken: string;
  readonly buildId?: string;
  /** Time of the first attempt to start it, until it has ended. */
  readonly since?: string;
  readonly ended: boolean;
}

const keyOf = (id: string): Item => ({ id: text(`build#${id}`) });

function buildOf(id: string, item: Item): StoredBuild {
  const buildId = item['buildId']?.S;
  const since = item['since']?.S;
  return {
    id,
    taskToken: item['taskToken']?.S ?? '',
    ...(buildId === undefined ? {} : { buildId }),
    ...(since === undefined ? {} : { since }),
    ended: item['open'] === undefined,
  };
}

/** Records who waits for a build, before it is started. Needs `dynamodb:UpdateItem`. */
export async function awaitBuild(
  { client, tableName }: RunsTable,
  id: string,
  { taskToken, at, expiresAt }: { readonly taskToken: string; readonly at: string; readonly expiresAt: number },
): Promise<StoredBuild> {
  const { Attributes = {} } = await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: keyOf(id),
      UpdateExpression:
        'SET taskToken = :token, #open = :build, since = if_not_exists(since, :at), expiresAt = :expires',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: {
        ':token': text(taskToken),
        ':build': text('build'),
        ':at': text(at),
        ':expires': { N: String(expiresAt) },
      },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return buildOf(id, Attributes);
}

/** Records which build it is. Needs `dynamodb:UpdateItem`. */
export async function recordBuildId({ client, tableName }: RunsTable, id: string, buildId: string): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: keyOf(id),
      UpdateExpression: 'SET buildId = :build',
      ExpressionAttributeValues: { ':build': text(buildId) },
    }),
  );
}

/** Needs `dynamodb:GetItem`. */
export async function readBuild({ client, tableName }: RunsTable, id: string): Promise<StoredBuild | undefined> {
  const get = new GetItemCommand({ TableName: tableName, Key: keyOf(id), ConsistentRead: true });
  const { Item: item } = await client.send(get);
  return item === undefined ? undefined : buildOf(id, item);
}

/** Records that nobody waits for a build, and which one it was if nobody knew. Needs `dynamodb:UpdateItem`. */
export async function closeBuild({ client, tableName }: RunsTable, id: string, buildId?: string): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: keyOf(id),
      UpdateExpression: `${buildId === undefined ? '' : 'SET buildId = :build '}REMOVE #open, since`,
      ExpressionAttributeNames: { '#open': 'open' },
      ...(buildId === undefined ? {} : { ExpressionAttributeValues: { ':build': text(buildId) } }),
    }),
  );
}
