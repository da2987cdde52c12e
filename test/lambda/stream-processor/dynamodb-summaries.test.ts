import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { projectChange } from '../../../lambda/stream-processor/adapters/dynamodb-summaries';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';

const fake = new FakeDynamoDB({ Summaries: { partitionKey: 'accountId', sortKey: 'entry' } });

function project(version: number): Promise<boolean> {
  const retryPolicy = { hasTimeLeft: () => true, pause: () => Promise.resolve(), signal: new AbortController().signal };
  const table = { client: new DynamoDBClient(fake.clientConfig), tableName: 'Summaries', retryPolicy };
  return projectChange(table, {
    accountId: 'a',
    version,
    balance: `${version}.5`,
    sequenceNumber: String(version),
    kind: 'changed',
    changedAt: '2026-11-27T09:30:00.000Z',
  });
}

it('a change is in the history and, unless a newer one is there, the current state; repeated, it changes nothing', async () => {
  expect(await project(2)).toBe(true);
  expect(await project(2)).toBe(true);
  expect(await project(1)).toBe(false);
  expect(fake.item('Summaries', { accountId: { S: 'a' }, entry: { S: 'account' } })).toMatchObject({
    version: { N: '2' },
    balance: { N: '2.5' },
  });
  expect(fake.item('Summaries', { accountId: { S: 'a' }, entry: { S: 'change#000000000000001' } })).toBeDefined();
});
