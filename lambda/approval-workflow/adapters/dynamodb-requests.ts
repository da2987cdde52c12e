import {
  ConditionalCheckFailedException,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type DynamoDBClient,
  type QueryCommandInput,
  type QueryCommandOutput,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { ServiceBusyError } from '../../shared/service-busy';
import { statusIndexName, type AuditEntry, type Change, type RequestRecord, type StoredEntry } from '../request-record';
import { itemOf, recordOf, releaseUpdate, reserveUpdate } from './request-item';

export interface RequestStore {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly requestsTableName: string;
  readonly auditTableName: string;
  readonly limitsTableName: string;
  readonly now: () => Date;
}

/** A step names a request that the table does not have. */
export class RequestNotFoundError extends Error {
  override readonly name = 'RequestNotFoundError';
}

/** A request would exceed a limit of its team or person. */
export class LimitExceededError extends Error {
  override readonly name = 'LimitExceededError';
  constructor(readonly owner: string) {
    super(`${owner} is at its limit`);
  }
}

/** Attempts of a change that others were faster than; each of theirs brings the request closer to its end. */
const attempts = 8;

/** Reads a request. Needs `dynamodb:GetItem`. */
export async function findRequest(
  { client, requestsTableName: TableName }: Pick<RequestStore, 'client' | 'requestsTableName'>,
  requestId: string,
): Promise<RequestRecord | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName, Key: { requestId: { S: requestId } }, ConsistentRead: true }),
  );
  return Item && recordOf(Item);
}

/** @throws RequestNotFoundError */
export async function getRequest(store: RequestStore, requestId: string): Promise<RequestRecord> {
  const record = await findRequest(store, requestId);
  if (record === undefined) throw new RequestNotFoundError(`no request ${requestId} in ${store.requestsTableName}`);
  return record;
}

/**
 * Writes a new request with its first audit entry, unless its id exists. Needs `dynamodb:PutItem`.
 *
 * @returns the existing record, or undefined if the request was written
 */
export async function createRequest(
  store: RequestStore,
  record: RequestRecord,
  entry: AuditEntry,
): Promise<RequestRecord | undefined> {
  const isNew = { ConditionExpression: 'attribute_not_exists(requestId)' };
  try {
    await write(store, record, entry, isNew, []);
  } catch (error) {
    if (!isRefused(error, 0)) throw error;
    return getRequest(store, record.requestId);
  }
  return undefined;
}

/**
 * Changes a request by what `decide` returns for its current state, together with the audit entry and the counters of its
 * limits. Needs `dynamodb:GetItem`, `dynamodb:PutItem`, and `dynamodb:UpdateItem` on the limits.
 *
 * @returns the record afterwards, and whether this call changed it: `decide` returned undefined otherwise
 * @throws RequestNotFoundError, LimitExceededError, ServiceBusyError
 */
export async function changeRequest(
  store: RequestStore,
  requestId: string,
  decide: (record: RequestRecord) => Change | undefined,
): Promise<{ readonly record: RequestRecord; readonly changed: boolean }> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await getRequest(store, requestId);
    const change = decide(before);
    if (change === undefined) return { record: before, changed: false };
    const record = {
      ...before,
      ...change.set,
      revision: before.revision + 1,
      changedAt: store.now().toISOString(),
    } as RequestRecord;
    const isSame = {
      ConditionExpression: 'revision = :revision',
      ExpressionAttributeValues: { ':revision': { N: String(before.revision) } },
    };
    try {
      await write(store, record, change.entry, isSame, limitUpdates(store, change, before));
      return { record, changed: true };
    } catch (error) {
      if (!isRefused(error, 0)) throw limitError(error, change) ?? error;
    }
  }
  throw new ServiceBusyError(`${requestId} changed ${attempts} times meanwhile`);
}

async function write(
  store: RequestStore,
  record: RequestRecord,
  entry: AuditEntry,
  condition: object,
  limits: readonly TransactWriteItem[],
): Promise<void> {
  const audit = {
    requestId: { S: record.requestId },
    // The number keeps entries of the same millisecond apart, and in order.
    entry: { S: String(record.revision).padStart(6, '0') },
    at: { S: record.changedAt },
    status: { S: record.status },
    team: { S: record.team },
    ...Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, { S: String(value) }])),
  };
  const TransactItems: TransactWriteItem[] = [
    { Put: { TableName: store.requestsTableName, Item: itemOf(record), ...condition } },
    { Put: { TableName: store.auditTableName, Item: audit } },
    ...limits,
  ];
  await store.client.send(new TransactWriteItemsCommand({ TransactItems }));
}

function limitUpdates({ limitsTableName }: RequestStore, { limits }: Change, record: RequestRecord) {
  if (limits === undefined) return [];
  const { monthlyCents } = record;
  if ('reserve' in limits) return limits.reserve.map((limit) => reserveUpdate(limitsTableName, limit, monthlyCents));
  return limits.release.map((owner) => releaseUpdate(limitsTableName, owner, monthlyCents));
}

/** Whether the condition on one item of a transaction did not hold. */
function isRefused(error: unknown, index: number): boolean {
  if (error instanceof ConditionalCheckFailedException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  return error.CancellationReasons?.[index]?.Code === 'ConditionalCheckFailed';
}

function limitError(error: unknown, { limits }: Change): Error | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reserved = limits !== undefined && 'reserve' in limits ? limits.reserve : [];
  const exceeded = reserved.find((_, index) => isRefused(error, index + 2));
  if (exceeded !== undefined) return new LimitExceededError(exceeded.owner);
  // Another transaction had one of the items: no condition was looked at.
  const conflict = error.CancellationReasons?.some(({ Code }) => Code !== undefined && busyCodes.includes(Code));
  return conflict === true ? new ServiceBusyError('TransactionConflict') : undefined;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const busyCodes = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/** Audit entries of a request, oldest first. Needs `dynamodb:Query`. */
export async function readAudit(
  { client, auditTableName: TableName }: Pick<RequestStore, 'client' | 'auditTableName'>,
  requestId: string,
): Promise<StoredEntry[]> {
  const query = {
    TableName,
    KeyConditionExpression: 'requestId = :id',
    ExpressionAttributeValues: { ':id': { S: requestId } },
  };
  const entries: StoredEntry[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({ ...query, ...(start === undefined ? {} : { ExclusiveStartKey: start }) }),
    );
    entries.push(...(page.Items ?? []).map((item) => recordOf(item) as unknown as StoredEntry));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return entries;
}

/** Requests of a status, oldest first. Eventually consistent. Needs `dynamodb:Query` on the index. */
export async function listRequests(
  { client, requestsTableName: TableName }: Pick<RequestStore, 'client' | 'requestsTableName'>,
  status: RequestRecord['status'],
): Promise<RequestRecord[]> {
  const records: RequestRecord[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName,
        IndexName: statusIndexName,
        KeyConditionExpression: '#status = :status',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': { S: status } },
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    records.push(...(page.Items ?? []).map(recordOf));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return records;
}
