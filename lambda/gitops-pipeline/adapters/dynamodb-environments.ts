import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { claimed, decideClaim, type Claim, type ClaimDecision, type EnvironmentRecord } from '../environment-lock';
import { artifactSchema, type Artifact } from '../run';
import { number, text, updated, type Item, type RunsTable } from './dynamodb-items';

export interface StoredEnvironment extends EnvironmentRecord {
  /** Artifact whose smoke test passed last in this environment. */
  readonly good?: Artifact;
}

const keyOf = (name: string): Item => ({ id: text(`environment#${name}`) });

/** Needs `dynamodb:GetItem`. */
export async function readEnvironmentRecord(
  { client, tableName }: RunsTable,
  name: string,
): Promise<StoredEnvironment> {
  const get = new GetItemCommand({ TableName: tableName, Key: keyOf(name), ConsistentRead: true });
  const { Item: item = {} } = await client.send(get);
  const { owner, until, deployments, good } = item;
  return {
    ...(owner?.S === undefined ? {} : { owner: owner.S }),
    ...(until?.N === undefined ? {} : { until: Number(until.N) }),
    deployments: Number(deployments?.N ?? 0),
    ...(good?.S === undefined ? {} : { good: artifactSchema.parse(JSON.parse(good.S)) }),
  };
}

/**
 * Takes the lock of an environment if the claim is good, and counts the deployment. Needs `dynamodb:GetItem` and `UpdateItem`.
 *
 * The write is conditional on what was read: another run that was quicker makes it read again.
 */
export async function claimEnvironment(
  table: RunsTable,
  name: string,
  claim: Claim,
  lockSeconds: number,
): Promise<{ readonly decision: ClaimDecision; readonly record: StoredEnvironment }> {
  for (;;) {
    const record = await readEnvironmentRecord(table, name);
    const decision = decideClaim(record, claim);
    if (decision !== 'deploy') return { decision, record };
    const next = claimed(record, claim, lockSeconds);
    if (next === record) return { decision, record };
    if (await replaceLock(table, name, record, next)) return { decision, record: { ...record, ...next } };
  }
}

async function replaceLock(
  { client, tableName }: RunsTable,
  name: string,
  before: EnvironmentRecord,
  after: EnvironmentRecord,
): Promise<boolean> {
  const update = new UpdateItemCommand({
    TableName: tableName,
    Key: keyOf(name),
    UpdateExpression: 'SET #owner = :owner, #until = :until, deployments = :after',
    ConditionExpression: [
      before.owner === undefined ? 'attribute_not_exists(#owner)' : '#owner = :before AND #until = :ended',
      before.deployments === 0 ? 'attribute_not_exists(deployments)' : 'deployments = :count',
    ].join(' AND '),
    ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
    ExpressionAttributeValues: {
      ':owner': text(after.owner ?? ''),
      ':until': number(after.until ?? 0),
      ':after': number(after.deployments),
      ...(before.owner === undefined ? {} : { ':before': text(before.owner), ':ended': number(before.until ?? 0) }),
      ...(before.deployments === 0 ? {} : { ':count': number(before.deployments) }),
    },
  });
  return (await updated(() => client.send(update))).done;
}

/** Prolongs the lock of its owner; returns false if the run has lost it. Needs `dynamodb:UpdateItem`. */
export async function prolongLock(
  { client, tableName }: RunsTable,
  name: string,
  { runId, until, now }: { readonly runId: string; readonly until: number; readonly now: number },
): Promise<boolean> {
  const update = new UpdateItemCommand({
    TableName: tableName,
    Key: keyOf(name),
    UpdateExpression: 'SET #until = :until',
    ConditionExpression: '#owner = :run AND #until > :now',
    ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
    ExpressionAttributeValues: { ':until': number(until), ':run': text(runId), ':now': number(now) },
  });
  return (await updated(() => client.send(update))).done;
}

/** Releases the lock if the run has it, and records the good artifact first. Needs `dynamodb:UpdateItem`. */
export async function releaseLock(
  { client, tableName }: RunsTable,
  name: string,
  runId: string,
  good?: Artifact,
): Promise<boolean> {
  const update = new UpdateItemCommand({
    TableName: tableName,
    Key: keyOf(name),
    UpdateExpression: `${good === undefined ? '' : 'SET good = :good '}REMOVE #owner, #until`,
    ConditionExpression: '#owner = :run',
    ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
    ExpressionAttributeValues: {
      ':run': text(runId),
      ...(good === undefined ? {} : { ':good': text(JSON.stringify(good)) }),
    },
  });
  return (await updated(() => client.send(update))).done;
}
