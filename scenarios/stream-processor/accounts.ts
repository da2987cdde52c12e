import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Deployment } from './deployment';

export interface AccountState {
  readonly accountId: string;
  readonly version: number;
  readonly balance: string;
}

/** Writes an account as its owner does: each change raises the version. */
export async function writeAccount(
  { dynamodb, accountsTable }: Deployment,
  { accountId, version, balance }: AccountState,
): Promise<void> {
  const Item = { accountId: { S: accountId }, version: { N: String(version) }, balance: { N: balance } };
  await dynamodb.send(new PutItemCommand({ TableName: accountsTable, Item }));
}

/** Reads an account's state in the view. */
export async function readSummary(
  { dynamodb, summariesTable }: Deployment,
  accountId: string,
): Promise<AccountState | undefined> {
  const Key = { accountId: { S: accountId }, entry: { S: 'account' } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: summariesTable, Key, ConsistentRead: true }));
  if (Item === undefined) return undefined;
  return { accountId, version: Number(Item['version']?.N), balance: Item['balance']?.N ?? '' };
}
