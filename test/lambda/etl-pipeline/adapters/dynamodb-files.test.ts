import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  claimFile,
  countOpenFiles,
  endFile,
  type FileEnd,
} from '../../../../lambda/etl-pipeline/adapters/dynamodb-files';
import { watchedIndexName } from '../../../../lambda/etl-pipeline/file';
import { FakeDynamoDB } from '../../../fakes/fake-dynamodb';
import { fileOf } from '../products';

let dynamodb: FakeDynamoDB;
beforeEach(() => {
  dynamodb = new FakeDynamoDB({
    files: { partitionKey: 'fileId', indexes: { [watchedIndexName]: { partitionKey: 'watch', sortKey: 'since' } } },
  });
});

const table = () => ({ client: new DynamoDBClient(dynamodb.clientConfig), tableName: 'files' });
const claim = (execution: string, replaces?: string, at = '2026-11-26T10:00:00Z') =>
  claimFile(table(), { file: fileOf(), execution, at, ...(replaces === undefined ? {} : { replaces }) });
const end = (status: FileEnd['status'], generation = 1) =>
  endFile(table(), {
    fileId: 'f1',
    generation,
    status,
    reason: 'why',
    at: '2026-11-26T11:00:00Z',
    counts: { rows: 3 },
  });
const stored = () => dynamodb.item('files', { fileId: { S: 'f1' } });

it('a file is claimed once, by the execution that comes first, which may ask again', async () => {
  const own = { generation: 1, order: fileOf().order };
  expect(await claim('one')).toEqual(own);
  expect(await claim('two')).toBeUndefined();
  expect(await claim('one')).toEqual(own);
  await end('loaded');
  expect(await claim('one')).toBeUndefined();
});

it('a replay follows the execution that the operator has seen, once, and keeps the place of the file', async () => {
  await claim('one');
  await end('failed');
  expect(await claim('two', 'another')).toBeUndefined();
  const next = { generation: 2, order: fileOf().order };
  expect(await claim('two', 'one')).toEqual(next);
  expect(await claim('two', 'one')).toEqual(next);
  expect(await claim('three', 'one')).toBeUndefined();
});

it('a file that was loaded is not replayed', async () => {
  await claim('one');
  await end('loaded');
  expect(await claim('two', 'one')).toBeUndefined();
  expect(stored()).toMatchObject({ status: { S: 'loaded' }, generation: { N: '1' } });
});

it('an end is recorded once, and not over a later execution', async () => {
  await claim('one');
  expect([await end('quarantined'), await end('quarantined')]).toEqual([true, true]);
  expect(await end('loaded')).toBe(false);
  await claim('two', 'one');
  expect(await end('failed', 1)).toBe(false);
  expect(await end('loaded', 2)).toBe(true);
  expect(stored()).toMatchObject({
    status: { S: 'loaded' },
    reason: { S: 'why' },
    counts: { M: { rows: { N: '3' } } },
  });
});

it('files are open until they are loaded or quarantined, and a failed one stays open', async () => {
  expect(await countOpenFiles(table())).toEqual({ count: 0 });
  await claim('one');
  const open = { count: 1, oldest: new Date('2026-11-26T10:00:00Z') };
  expect(await countOpenFiles(table())).toEqual(open);
  await end('failed');
  expect(await countOpenFiles(table())).toEqual(open);
  await claim('two', 'one', '2026-11-26T12:00:00Z');
  expect((await countOpenFiles(table())).oldest).toEqual(new Date('2026-11-26T12:00:00Z'));
  await end('quarantined', 2);
  expect(await countOpenFiles(table())).toEqual({ count: 0 });
});
