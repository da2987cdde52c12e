import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { itemOf } from '../../../lambda/rest-api/adapters/document-item';
import { createDocument, contentKeyOf, type DocumentRecord } from '../../../lambda/rest-api/document';
import { listUploads, readOptions } from '../../../operations/rest-api/uploads';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeS3 } from '../../fakes/fake-s3';

const now = new Date('2026-01-01T00:00:00Z');
const tables = new FakeDynamoDB({ Documents: { partitionKey: 'owner', sortKey: 'documentId' } });
const buckets = new FakeS3({ uploads: 'Enabled' });
const data = {
  dynamodb: new DynamoDBClient(tables.clientConfig),
  s3: new S3Client(buckets.clientConfig),
  tableName: 'Documents',
  bucketName: 'uploads',
  now: () => now,
};
let seed = 0;

function addDocument(changes: Partial<DocumentRecord> = {}): DocumentRecord {
  const input = { title: 'Report', contentType: 'text/plain', bytes: 3 };
  seed += 1;
  const made = createDocument('ada', input, { now, randomBytes: new Uint8Array(16).fill(seed) }, 1);
  const record = { ...made, ...changes };
  tables.put('Documents', itemOf(record) as Parameters<typeof tables.put>[1]);
  return record;
}

it('makes documents available whose content arrived unseen, and only lists what it cannot repair', async () => {
  const [waiting, unseen, known, other] = [
    addDocument(),
    addDocument(),
    addDocument({ status: 'available' }),
    addDocument({ bytes: 4 }),
  ];
  for (const record of [unseen, known, other])
    buckets.put('uploads', contentKeyOf(record), { body: Buffer.from('abc') });
  buckets.put('uploads', 'documents/ada/stray', { body: Buffer.from('abc') });
  const lines: string[] = [];
  const say = (line: string): number => lines.push(line);
  const statusOf = ({ id }: DocumentRecord) =>
    tables.item('Documents', { owner: { S: 'ada' }, documentId: { S: id } })?.['status']?.S;

  expect(await listUploads(data, false, say)).toBe(3);
  expect(statusOf(unseen)).toBe('awaiting-upload');
  expect(await listUploads(data, true, say)).toBe(2);
  expect([waiting, unseen, known, other].map(statusOf)).toEqual([
    'awaiting-upload',
    'available',
    'available',
    'awaiting-upload',
  ]);
  expect(await listUploads(data, true, say)).toBe(2);
  expect(lines.filter((line) => line.startsWith(contentKeyOf(unseen)))).toEqual([
    `${contentKeyOf(unseen)} has arrived, and its document waits for it`,
    `${contentKeyOf(unseen)}: its document is available`,
  ]);
});

it('reads its options', () => {
  expect(readOptions(['--repair', '--stage', 'prod'])).toEqual({
    stack: 'RestApi-prod',
    outputs: undefined,
    repair: true,
  });
  expect(() => readOptions(['all'])).toThrow("received 'all': options begin with --");
});
