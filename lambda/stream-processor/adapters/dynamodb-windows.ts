import {
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { contentOf, identityOf, type Reading } from '../reading';
import { ReadingConflictError, type WindowGroup } from '../reading-batch';
import { patiently, type RetryPolicy } from '../retry-policy';
import { addReadings, type WindowState } from '../window';

export interface WindowTables {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly windowsTableName: string;
  readonly seenTableName: string;
  /** Seconds since 1970 after which a reading may be forgotten. */
  readonly expiresAt: () => number;
  readonly retryPolicy: RetryPolicy;
}

/** Items of a transaction: 100, of which one is the window. */
const readingsAtOnce = 99;

type Item = Readonly<Record<string, AttributeValue>>;

/**
 * Adds readings to their window, each once. Needs `dynamodb:GetItem` and `dynamodb:PutItem` on `Windows` and
 * `dynamodb:PutItem` on `Seen`.
 *
 * A transaction writes the window and a mark of each reading, or nothing: a mark is there exactly if the window has the reading.
 *
 * @returns the number of readings that were new
 * @throws ReadingConflictError
 */
export async function addToWindow(
  tables: WindowTables,
  { deviceId, windowStart, readings }: WindowGroup,
): Promise<number> {
  const key = { deviceId: { S: deviceId }, windowStart: { S: windowStart } };
  let state = await patiently(() => readWindow(tables, key), tables.retryPolicy);
  let added = 0;
  for (let start = 0; start < readings.length; start += readingsAtOnce) {
    let pending = readings.slice(start, start + readingsAtOnce);
    while (pending.length > 0) {
      const next = addReadings(state, pending);
      const result = await patiently(() => write(tables, key, state, next, pending), tables.retryPolicy);
      if (result === 'written') {
        added += pending.length;
        state = next;
        break;
      }
      pending = pending.filter((reading) => !result.known.includes(reading));
      if (result.isStale) state = await patiently(() => readWindow(tables, key), tables.retryPolicy);
    }
  }
  return added;
}

async function readWindow(
  { client, windowsTableName, retryPolicy }: WindowTables,
  key: Item,
): Promise<WindowState | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: windowsTableName, Key: key, ConsistentRead: true }),
    { abortSignal: retryPolicy.signal },
  );
  return Item === undefined ? undefined : stateOf(Item);
}

/** Outcome of a write that changed nothing: readings that have been added before, and whether the window has changed. */
interface Refused {
  readonly known: readonly Reading[];
  readonly isStale: boolean;
}

async function write(
  tables: WindowTables,
  key: Item,
  before: WindowState | undefined,
  next: WindowState,
  readings: readonly Reading[],
): Promise<'written' | Refused> {
  const { client, windowsTableName, seenTableName, expiresAt, retryPolicy } = tables;
  const expires = { N: String(expiresAt()) };
  const condition =
    before === undefined
      ? { ConditionExpression: 'attribute_not_exists(deviceId)' }
      : {
          ConditionExpression: '#version = :before',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':before': { N: String(before.version) } },
        };
  const request = new TransactWriteItemsCommand({
    TransactItems: [
      { Put: { TableName: windowsTableName, Item: { ...key, ...itemOf(next) }, ...condition } },
      ...readings.map((reading) => ({
        Put: {
          TableName: seenTableName,
          Item: { reading: { S: identityOf(reading) }, content: { S: contentOf(reading) }, expiresAt: expires },
          ConditionExpression: 'attribute_not_exists(reading)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
        },
      })),
    ],
  });
  try {
    await client.send(request, { abortSignal: retryPolicy.signal });
    return 'written';
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [window, ...marks] = error.CancellationReasons ?? [];
    const known = readings.filter((reading, index) => {
      const { Code, Item } = marks[index] ?? {};
      if (Code !== 'ConditionalCheckFailed') return false;
      if (Item?.['content']?.S !== contentOf(reading)) {
        throw new ReadingConflictError('the reading has the id of another one of its device');
      }
      return true;
    });
    const isStale = window?.Code === 'ConditionalCheckFailed';
    if (known.length > 0 || isStale) return { known, isStale };
    throw busyError(error);
  }
}

/** A transaction that was cancelled by another one, or throttled, has no name of its own. */
function busyError(error: TransactionCanceledException): Error {
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
  const isConflict = codes.includes('TransactionConflict') || codes.includes('ThrottlingError');
  const isThrottled = codes.includes('ProvisionedThroughputExceeded');
  if (!isConflict && !isThrottled) return error;
  return Object.assign(new Error(`cancelled: ${codes.filter((code) => code !== 'None').join(', ')}`), {
    name: 'TransactionConflictException',
  });
}

function itemOf({ count, sum, min, max, version }: WindowState): Record<string, AttributeValue> {
  return {
    count: { N: String(count) },
    sum: { N: sum },
    min: { N: min },
    max: { N: max },
    version: { N: String(version) },
  };
}

function stateOf(item: Item): WindowState {
  const text = (name: string): string => item[name]?.N ?? '0';
  const [count, version] = [Number(text('count')), Number(text('version'))];
  return { count, sum: text('sum'), min: text('min'), max: text('max'), version };
}
