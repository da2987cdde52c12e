import { captureOutput } from '../../fakes/captured-output';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeS3 } from '../../fakes/fake-s3';
import { loadHandler, type LoadedHandler } from '../../fakes/load-handler';

const documentId = '01890000-0000-7000-8000-000000000000';
const key = { owner: { S: 'ada' }, documentId: { S: documentId } };
const dynamodb = new FakeDynamoDB({ Documents: { partitionKey: 'owner', sortKey: 'documentId' } });
const s3 = new FakeS3({ uploads: 'Enabled' });
let record: LoadedHandler<void>;
beforeAll(async () => {
  const services = { ...(await dynamodb.listen()), ...(await s3.listen()) };
  record = loadHandler('rest-api/record-upload', { ...services, DOCUMENTS_TABLE_NAME: 'Documents' });
});
afterAll(() => Promise.all([dynamodb.close(), s3.close()]));
beforeEach(() => {
  captureOutput();
  s3.requests.length = 0;
  dynamodb.put('Documents', {
    ...key,
    status: { S: 'awaiting-upload' },
    bytes: { N: '12' },
    version: { N: '1' },
    expiresAt: { N: '4102444800' },
  });
});
afterEach(() => jest.restoreAllMocks());

const event = (size: number, objectKey = `documents/ada/${documentId}`) => ({
  Records: [{ s3: { bucket: { name: 'uploads' }, object: { key: objectKey, size, versionId: 'v1' } } }],
});

it('makes a document available once, however often its event arrives', async () => {
  for (let time = 0; time < 3; time += 1) await record(event(12));
  expect(dynamodb.item('Documents', key)).toMatchObject({
    status: { S: 'available' },
    version: { N: '2' },
    versionId: { S: 'v1' },
  });
  expect(dynamodb.item('Documents', key)).not.toHaveProperty('expiresAt');
});

it('deletes the content of a document that was deleted meanwhile', async () => {
  dynamodb.table('Documents').remove(key);
  await record(event(12));
  expect(s3.operations).toEqual(['DeleteObject']);
  expect(dynamodb.item('Documents', key)).toBeUndefined();
});

it.each([
  ['of another size', event(13)],
  ['under another key', event(12, 'documents/ada/photo.jpg')],
])('fails on content %s, and keeps document and content', async (_, upload) => {
  await expect(record(upload)).rejects.toMatchObject({ name: 'UnexpectedUploadError' });
  expect(dynamodb.item('Documents', key)).toMatchObject({ status: { S: 'awaiting-upload' } });
  expect(s3.operations).toEqual([]);
});

it("takes S3's test event for none", async () => {
  await record({ Event: 's3:TestEvent' });
  expect(s3.operations).toEqual([]);
});
