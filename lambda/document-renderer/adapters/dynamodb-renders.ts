import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Claim, Document, Renders } from '../render';

export interface RendersTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  /** Work that this is an attempt of. Its attempts follow each other, so that each takes over from the one before. */
  readonly work: string;
  /** Identity of this attempt: `<work>/` and what no other has. */
  readonly owner: string;
  /** Time after which another attempt may take over a document. */
  readonly leaseSeconds: number;
  /** Seconds until a finished document is forgotten, before its objects expire. */
  readonly keptSeconds: number;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Renders in DynamoDB, key `renderHash`: `rendering` with an owner and a lease, then `done` with the document. */
export function dynamodbRenders(table: RendersTable): Renders {
  const { client, tableName, owner, signal } = table;
  const now = (): number => Math.floor(table.now().getTime() / 1_000);
  const key = (hash: string) => ({ TableName: tableName, Key: { renderHash: { S: hash } } });
  return {
    claim: async (hash) => {
      const command = new UpdateItemCommand({
        ...key(hash),
        UpdateExpression: 'SET #status = :rendering, #owner = :owner, leaseUntil = :until, expiresAt = :expires',
        // An item may stay for days after it has expired: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
        ConditionExpression:
          'attribute_not_exists(renderHash) OR expiresAt < :now OR (#status = :rendering AND (leaseUntil < :now OR begins_with(#owner, :work)))',
        ExpressionAttributeNames: { '#status': 'status', '#owner': 'owner' },
        ExpressionAttributeValues: {
          ':rendering': { S: 'rendering' },
          ':owner': { S: owner },
          ':until': { N: String(now() + table.leaseSeconds) },
          ':expires': { N: String(now() + table.keptSeconds) },
          ':now': { N: String(now()) },
          ':work': { S: `${table.work}/` },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const before = await itemIfRefused(client.send(command, { abortSignal: signal }));
      return before === undefined ? { state: 'claimed' } : claimOf(before, now());
    },
    finish: async (hash, document) => {
      const command = new UpdateItemCommand({
        ...key(hash),
        UpdateExpression:
          'SET #status = :done, document = :document, finishedAt = :at, expiresAt = :expires REMOVE #owner, leaseUntil',
        ConditionExpression: '#owner = :owner AND #status = :rendering',
        ExpressionAttributeNames: { '#status': 'status', '#owner': 'owner' },
        ExpressionAttributeValues: {
          ':done': { S: 'done' },
          ':rendering': { S: 'rendering' },
          ':owner': { S: owner },
          ':document': { S: JSON.stringify(document) },
          ':at': { S: table.now().toISOString() },
          ':expires': { N: String(now() + table.keptSeconds) },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return (await itemIfRefused(client.send(command, { abortSignal: signal }))) === undefined;
    },
    release: async (hash) => {
      const command = new DeleteItemCommand({
        ...key(hash),
        ConditionExpression: '#owner = :owner AND #status = :rendering',
        ExpressionAttributeNames: { '#status': 'status', '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': { S: owner }, ':rendering': { S: 'rendering' } },
      });
      await itemIfRefused(client.send(command));
    },
  };
}

type Item = Record<string, AttributeValue>;

/** Returns undefined if the request was carried out, and the item as it is if its condition was false. */
async function itemIfRefused(request: Promise<unknown>): Promise<Item | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error.Item ?? {};
    throw error;
  }
}

function claimOf(item: Item, now: number): Claim {
  if (item['status']?.S === 'done') {
    // Written by `finish` above.
    return { state: 'done', document: JSON.parse(item['document']?.S ?? '{}') as Document };
  }
  return { state: 'busy', secondsLeft: Math.max(1, Number(item['leaseUntil']?.N ?? now) - now + 1) };
}
