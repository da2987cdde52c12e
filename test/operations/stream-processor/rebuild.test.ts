import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { rebuild } from '../../../operations/stream-processor/rebuild-command';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';

let fake: FakeDynamoDB;
beforeEach(() => {
  fake = new FakeDynamoDB({
    Accounts: { partitionKey: 'accountId' },
    Summaries: { partitionKey: 'accountId', sortKey: 'entry' },
  });
});

const account = (accountId: string, version: number, balance: string) =>
  fake.put('Accounts', { accountId: { S: accountId }, version: { N: String(version) }, balance: { N: balance } });
const shown = (accountId: string, version: number, balance: string, entry = 'account') =>
  fake.put('Summaries', {
    accountId: { S: accountId },
    entry: { S: entry },
    version: { N: String(version) },
    balance: { N: balance },
  });

async function run(write: boolean) {
  const lines: string[] = [];
  const client = new DynamoDBClient(fake.clientConfig);
  const tables = { client, accountsTableName: 'Accounts', summariesTableName: 'Summaries' };
  const code = await rebuild(tables, write, (line) => lines.push(line));
  return { code, lines };
}

it('a view that equals the table has no difference', async () => {
  account('a', 2, '5');
  shown('a', 2, '5');
  shown('a', 1, '4', 'change#000000000000001');
  expect(await run(false)).toEqual({ code: 0, lines: ['1 accounts, 0 differences, 0 left'] });
});

it('a view that is ahead of what was read is no difference', async () => {
  account('a', 2, '5');
  shown('a', 3, '6');
  expect((await run(false)).code).toBe(0);
});

it('what is missing, older or different is listed, and written if asked', async () => {
  account('missing', 1, '1');
  account('older', 2, '2');
  account('different', 3, '3');
  shown('older', 1, '1');
  shown('different', 3, '4');
  expect((await run(false)).code).toBe(1);
  expect(fake.item('Summaries', { accountId: { S: 'missing' }, entry: { S: 'account' } })).toBeUndefined();
  const { code, lines } = await run(true);
  expect(code).toBe(0);
  expect(lines.at(-1)).toBe('3 accounts, 3 differences, 0 left');
  expect((await run(false)).lines).toEqual(['3 accounts, 0 differences, 0 left']);
});

it('an account that the table does not have, and an item that is none, are left to a person', async () => {
  shown('gone', 1, '1');
  fake.put('Accounts', { accountId: { S: 'wrong' } });
  const { code, lines } = await run(true);
  expect(code).toBe(1);
  expect(lines.join('\n')).toMatch(/wrong is no account[^]*gone is in the view and not in the table/);
});

it('ids have no commands for the terminal', async () => {
  account('a\u001b[2J\n', 1, '1');
  expect((await run(false)).lines[0]).toBe('a?[2J? is not in the view');
});
