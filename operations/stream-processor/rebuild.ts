import { paginateScan, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvalidChangeError, parseAccount, type Account } from '../../lambda/stream-processor/account-change';
import { currentEntry, putCurrent } from '../../lambda/stream-processor/adapters/dynamodb-summaries';

export interface AccountTables {
  readonly client: DynamoDBClient;
  readonly accountsTableName: string;
  readonly summariesTableName: string;
}

export type Difference =
  /** The view does not have the account, or an older version of it. */
  | 'missing'
  | 'older'
  /** The view has another balance with the same version. */
  | 'different'
  /** The view has an account that the table does not have. */
  | 'no-account'
  /** The item of the table is no account. */
  | 'invalid';

export interface Found {
  readonly accountId: string;
  readonly difference: Difference;
  readonly account?: Account;
}

/** Compares the view's current states with the accounts that it is made from. */
export async function compareView(tables: AccountTables): Promise<{ accounts: number; differences: Found[] }> {
  // The view first: it may be ahead of what is read of the table later only by changes that the table has too.
  const view = new Map((await readView(tables)).map((one) => [one.accountId, one]));
  const differences: Found[] = [];
  let accounts = 0;
  for await (const item of items(tables, tables.accountsTableName)) {
    accounts += 1;
    const accountId = item['accountId']?.S ?? '';
    const shown = view.get(accountId);
    view.delete(accountId);
    const account = accountOf(item);
    const difference = account === undefined ? 'invalid' : differenceOf(account, shown);
    if (difference !== undefined) differences.push({ accountId, difference, ...(account && { account }) });
  }
  for (const accountId of view.keys()) differences.push({ accountId, difference: 'no-account' });
  return { accounts, differences };
}

/** Writes the current state of an account into the view, unless that has become newer. */
export async function repairView({ client, summariesTableName }: AccountTables, account: Account): Promise<boolean> {
  const retryPolicy = {
    hasTimeLeft: () => false,
    pause: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  return putCurrent({ client, tableName: summariesTableName, retryPolicy }, account);
}

function differenceOf(account: Account, shown: Account | undefined): Difference | undefined {
  if (shown === undefined) return 'missing';
  if (shown.version < account.version) return 'older';
  return shown.version === account.version && shown.balance !== account.balance ? 'different' : undefined;
}

function accountOf(item: unknown): Account | undefined {
  try {
    return parseAccount(item);
  } catch (error) {
    if (error instanceof InvalidChangeError) return undefined;
    throw error;
  }
}

async function readView(tables: AccountTables): Promise<Account[]> {
  const found: Account[] = [];
  for await (const item of items(tables, tables.summariesTableName)) {
    if (item['entry']?.S === currentEntry) found.push(parseAccount(item));
  }
  return found;
}

async function* items({ client }: AccountTables, TableName: string) {
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) yield* Items;
}
