import { GetItemCommand, PutItemCommand, QueryCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
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
  return Item === undefined ? undefined : stateOf(Item);
}

/** Reads all versions of an account in the view, in their order. */
export async function readHistory(
  { dynamodb, summariesTable }: Deployment,
  accountId: string,
): Promise<AccountState[]> {
  const query = new QueryCommand({
    TableName: summariesTable,
    KeyConditionExpression: 'accountId = :account AND begins_with(#entry, :change)',
    ExpressionAttributeNames: { '#entry': 'entry' },
    ExpressionAttributeValues: { ':account': { S: accountId }, ':change': { S: 'change#' } },
    ConsistentRead: true,
  });
  const { Items = [] } = await dynamodb.send(query);
  return Items.map(stateOf);
}

function stateOf(item: Readonly<Record<string, AttributeValue>>): AccountState {
  const { accountId, version, balance } = item;
  return { accountId: accountId?.S ?? '', version: Number(version?.N), balance: balance?.N ?? '' };
}
