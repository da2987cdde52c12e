import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { candidates } from '../../../lambda/volume-cleanup/adapters/dynamodb-candidates';
import type { ResourceRecord } from '../../../lambda/volume-cleanup/record';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';

let fake: FakeDynamoDB;
beforeEach(() => (fake = new FakeDynamoDB({ Candidates: { partitionKey: 'region', sortKey: 'id' } })));

const now = Date.UTC(2026, 0, 1);
const table = (caps = { volumes: 2, gibibytes: 100 }) =>
  candidates({ client: new DynamoDBClient(fake.clientConfig), tableName: 'Candidates' }, caps, () => now);
const record = (id: string, change: Partial<ResourceRecord> = {}): ResourceRecord => ({
  ...{ id, region: 'eu-west-1', version: 1, stage: 'unattached', firstSeenAt: now, lastSeenAt: now },
  ...change,
});

it('a record is written over the version before it alone, so that one of two runs wins', async () => {
  expect(await table().write(record('vol-1'))).toBe(true);
  expect(await table().write(record('vol-1'))).toBe(false);
  const second = record('vol-1', { version: 2, notifiedAt: now });
  expect(await Promise.all([table().write(second), table().write(second)])).toEqual([true, false]);
  expect((await table().ofRegion('eu-west-1')).get('vol-1')).toEqual(second);
});

it('all records of a region are read, and none of another or of the budgets', async () => {
  for (let count = 0; count < 30; count += 1) await table().write(record(`vol-${count}`));
  await table().write(record('vol-1', { region: 'us-east-1' }));
  await table().reserve('2026-01-01', 'delete', 1);
  expect((await table().ofRegion('eu-west-1')).size).toBe(30);
  expect((await table().ofRegion('us-east-1')).size).toBe(1);
});

it('a record expires 400 days after its end, and never before', async () => {
  await table().write(record('vol-1'));
  const item = () => fake.item('Candidates', { region: { S: 'eu-west-1' }, id: { S: 'vol-1' } });
  expect(item()).not.toHaveProperty('expiresAt');
  await table().write(record('vol-1', { version: 2, stage: 'deleted' }));
  expect(item()).toMatchObject({ expiresAt: { N: String(now / 1_000 + 400 * 86_400) } });
});

it('a budget holds for a day and a step, by count and by size', async () => {
  const reserve = (gibibytes: number, day = '2026-01-01', step: 'delete' | 'snapshot' = 'delete') =>
    table().reserve(day, step, gibibytes);
  expect(await reserve(101)).toBe(false);
  expect(await reserve(60)).toBe(true);
  expect(await reserve(41)).toBe(false);
  expect(await reserve(40)).toBe(true);
  expect(await reserve(0)).toBe(false);
  expect(await reserve(60, '2026-01-02')).toBe(true);
  expect(await reserve(60, '2026-01-01', 'snapshot')).toBe(true);
  expect(await table({ volumes: 0, gibibytes: 100 }).reserve('2026-01-03', 'delete', 1)).toBe(false);
});
