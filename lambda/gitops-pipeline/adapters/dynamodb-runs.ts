import { GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { RunStatus } from '../ending';
import { runSchema, type Run, type State } from '../run';
import { number, openIndexName, text, updated, type Item, type RunsTable } from './dynamodb-items';

export interface StoredRun {
  readonly run: Run;
  readonly status: RunStatus | 'starting';
  readonly startedAt: string;
}

const keyOf = (runId: string): Item => ({ id: text(`run#${runId}`) });

/**
 * Records a run, once for each commit and environment. Needs `dynamodb:PutItem` and `dynamodb:GetItem`.
 *
 * @returns the run that is recorded, which may be that of an earlier event
 */
export async function recordRun({ client, tableName }: RunsTable, run: Run, at: string): Promise<StoredRun> {
  const put = new PutItemCommand({
    TableName: tableName,
    Item: {
      ...keyOf(run.id),
      run: text(JSON.stringify(run)),
      status: text('starting'),
      startedAt: text(at),
      open: text('run'),
      since: text(at),
    },
    ConditionExpression: 'attribute_not_exists(id)',
  });
  const { done } = await updated(() => client.send(put));
  if (done) return { run, status: 'starting', startedAt: at };
  const stored = await readRun({ client, tableName }, run.id);
  if (stored === undefined) throw new Error(`run ${run.id} was deleted while it was read: send the event again`);
  return stored;
}

/** Needs `dynamodb:GetItem`. */
export async function readRun({ client, tableName }: RunsTable, runId: string): Promise<StoredRun | undefined> {
  const get = new GetItemCommand({ TableName: tableName, Key: keyOf(runId), ConsistentRead: true });
  const { Item: item } = await client.send(get);
  if (item === undefined) return undefined;
  return {
    run: runSchema.parse(JSON.parse(item['run']?.S ?? '')),
    status: (item['status']?.S ?? 'starting') as StoredRun['status'],
    startedAt: item['startedAt']?.S ?? '',
  };
}

/** Marks that the run's execution has been started. Needs `dynamodb:UpdateItem`. */
export async function markStarted({ client, tableName }: RunsTable, runId: string): Promise<void> {
  const update = new UpdateItemCommand({
    TableName: tableName,
    Key: keyOf(runId),
    UpdateExpression: 'SET #status = :running',
    ConditionExpression: '#status = :starting',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':running': text('running'), ':starting': text('starting') },
  });
  await updated(() => client.send(update));
}

/** Records who pushed, unless that is known. Needs `dynamodb:UpdateItem`. */
export async function addPusher({ client, tableName }: RunsTable, run: Run, pusher: string): Promise<void> {
  const update = new UpdateItemCommand({
    TableName: tableName,
    Key: keyOf(run.id),
    UpdateExpression: 'SET #run = :with',
    ConditionExpression: '#run = :without',
    ExpressionAttributeNames: { '#run': 'run' },
    ExpressionAttributeValues: {
      ':with': text(JSON.stringify({ ...run, pusher })),
      ':without': text(JSON.stringify(run)),
    },
  });
  await updated(() => client.send(update));
}

export interface RunEnd {
  readonly state: State;
  readonly status: RunStatus;
  readonly at: string;
  /** In seconds since 1970. */
  readonly expiresAt: number;
}

/** Records how a run ended, the first time; returns whether it did. Needs `dynamodb:UpdateItem`. */
export async function recordEnd({ client, tableName }: RunsTable, end: RunEnd): Promise<boolean> {
  const { state, status, at, expiresAt } = end;
  const update = new UpdateItemCommand({
    TableName: tableName,
    Key: keyOf(state.run.id),
    UpdateExpression:
      'SET #status = :status, endedAt = :at, failure = :failure, artifact = :artifact, expiresAt = :expires REMOVE #open, since',
    ConditionExpression: 'attribute_exists(id) AND attribute_not_exists(endedAt)',
    ExpressionAttributeNames: { '#status': 'status', '#open': 'open' },
    ExpressionAttributeValues: {
      ':status': text(status),
      ':at': text(at),
      ':failure': text(state.failure === undefined ? '' : JSON.stringify(state.failure)),
      ':artifact': text(state.artifact === undefined ? '' : JSON.stringify(state.artifact)),
      ':expires': number(expiresAt),
    },
  });
  return (await updated(() => client.send(update))).done;
}

/** Ids of what has not ended, oldest first: runs or builds. Needs `dynamodb:Query` on the index. */
export async function openIds(
  { client, tableName }: RunsTable,
  kind: 'run' | 'build',
): Promise<{ readonly id: string; readonly since: string }[]> {
  const found: { id: string; since: string }[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: openIndexName,
        KeyConditionExpression: '#open = :kind',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':kind': text(kind) },
        ExclusiveStartKey,
      }),
    );
    for (const item of page.Items ?? []) {
      found.push({ id: (item['id']?.S ?? '').replace(/^\w+#/, ''), since: item['since']?.S ?? '' });
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return found;
}
