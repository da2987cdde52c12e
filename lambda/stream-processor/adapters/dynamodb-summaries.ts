import {
  ConditionalCheckFailedException,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Account, AccountChange } from '../account-change';
import { patiently, type RetryPolicy } from '../retry-policy';

export interface SummariesTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  readonly retryPolicy: RetryPolicy;
}

/** Sort key of an account's current state, beside those of its changes. */
export const currentEntry = 'account';

/** Sort key of a change; sorts as versions do. */
export function changeEntry(version: number): string {
  return `change#${String(version).padStart(15, '0')}`;
}

/**
 * Writes a change into the account's history and its current state, unless that is of a newer version. Needs `dynamodb:PutItem`.
 *
 * @returns whether the view had no newer version
 */
export async function projectChange(table: SummariesTable, change: AccountChange): Promise<boolean> {
  const { accountId, version, balance, previousBalance, changedAt, kind } = change;
  const Item = {
    accountId: { S: accountId },
    entry: { S: changeEntry(version) },
    version: { N: String(version) },
    kind: { S: kind },
    balance: { N: balance },
    ...(previousBalance === undefined ? {} : { previousBalance: { N: previousBalance } }),
    changedAt: { S: changedAt },
  };
  // The history first: a version that the current state has is in the history.
  const put = new PutItemCommand({ TableName: table.tableName, Item });
  await patiently(() => table.client.send(put, { abortSignal: table.retryPolicy.signal }), table.retryPolicy);
  return putCurrent(table, change, { changedAt: { S: changedAt } });
}

/** Writes an account's current state unless that is of the same or a newer version; returns whether none is newer. */
export async function putCurrent(
  { client, tableName, retryPolicy }: SummariesTable,
  { accountId, version, balance }: Account,
  more: Readonly<Record<string, AttributeValue>> = {},
): Promise<boolean> {
  const put = new PutItemCommand({
    TableName: tableName,
    Item: {
      accountId: { S: accountId },
      entry: { S: currentEntry },
      version: { N: String(version) },
      balance: { N: balance },
      ...more,
    },
    ConditionExpression: 'attribute_not_exists(#version) OR #version <= :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': { N: String(version) } },
  });
  try {
    await patiently(() => client.send(put, { abortSignal: retryPolicy.signal }), retryPolicy);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
