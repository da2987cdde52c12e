import {
  ConditionalCheckFailedException,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { Records } from '../ports';
import { isOpen, type ResourceRecord } from '../record';

export interface CandidatesTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** Largest number and size of volumes for each step of a day. */
export interface Caps {
  readonly volumes: number;
  readonly gibibytes: number;
}

/** Records that have ended stay for so long. */
const keptSeconds = 400 * 86_400;

/** Candidates table: a partition for each region, and one for the budgets of days. */
export function candidates(table: CandidatesTable, caps: Caps, now: () => number): Records {
  return {
    ofRegion: (region) => recordsOf(table, region),
    write: (record) => writeRecord(table, record, now()),
    reserve: (day, step, gibibytes) => reserve(table, caps, { day, step, gibibytes }, now()),
  };
}

async function recordsOf({ client, tableName }: CandidatesTable, region: string): Promise<Map<string, ResourceRecord>> {
  const records = new Map<string, ResourceRecord>();
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: '#region = :region',
        ExpressionAttributeNames: { '#region': 'region' },
        ExpressionAttributeValues: { ':region': { S: region } },
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
    );
    for (const { record } of page.Items ?? []) {
      const parsed = JSON.parse(record?.S ?? '') as ResourceRecord;
      records.set(parsed.id, parsed);
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return records;
}

/** Writes a record over the version before it; returns false if another run has written meanwhile. */
export async function writeRecord(
  { client, tableName }: CandidatesTable,
  record: ResourceRecord,
  now: number,
): Promise<boolean> {
  const expires = isOpen(record) ? {} : { expiresAt: { N: String(Math.floor(now / 1_000) + keptSeconds) } };
  return unlessRefused(() =>
    client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: {
          region: { S: record.region },
          id: { S: record.id },
          stage: { S: record.stage },
          version: { N: String(record.version) },
          record: { S: JSON.stringify(record) },
          ...expires,
        },
        ConditionExpression: record.version === 1 ? 'attribute_not_exists(id)' : '#version = :before',
        ...(record.version === 1
          ? {}
          : {
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':before': { N: String(record.version - 1) } },
            }),
      }),
    ),
  );
}

/** A budget counts over all runs of a day, so that two runs at once do not have two. */
async function reserve(
  { client, tableName }: CandidatesTable,
  caps: Caps,
  { day, step, gibibytes }: { readonly day: string; readonly step: string; readonly gibibytes: number },
  now: number,
): Promise<boolean> {
  if (caps.volumes < 1 || gibibytes > caps.gibibytes) return false;
  return unlessRefused(() =>
    client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { region: { S: 'budget' }, id: { S: `${day}/${step}` } },
        UpdateExpression: 'SET expiresAt = :expires ADD volumes :one, gibibytes :size',
        ConditionExpression: 'attribute_not_exists(volumes) OR (volumes < :volumes AND gibibytes <= :left)',
        ExpressionAttributeValues: {
          ':expires': { N: String(Math.floor(now / 1_000) + keptSeconds) },
          ':one': { N: '1' },
          ':size': { N: String(gibibytes) },
          ':volumes': { N: String(caps.volumes) },
          ':left': { N: String(caps.gibibytes - gibibytes) },
        },
      }),
    ),
  );
}

async function unlessRefused(send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
