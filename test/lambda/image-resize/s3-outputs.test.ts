import type { S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { Manifest } from '../../../lambda/image-resize/manifest';
import { S3OutputStore } from '../../../lambda/image-resize/s3-outputs';
import { createS3Client } from '../../../lambda/shared/s3-client';
import { FakeS3 } from './fake-s3';

const configHash = 'a'.repeat(64);
const metadata = { sourceVersion: 'v1', configHash };
const odd = 'München+& "100%"/🌄.jpg';

let fake: FakeS3;
let client: S3Client;
let outputs: S3OutputStore;

beforeEach(async () => {
  fake = new FakeS3();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: await fake.start(),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  client = createS3Client({ maxAttempts: 4 });
  const access = { client, bucket: 'resized', signal: new AbortController().signal };
  outputs = new S3OutputStore(access, 'public, max-age=60');
});

afterEach(async () => {
  client.destroy();
  await fake.stop();
});

const body = Buffer.from('image');
const object = {
  key: `${odd}/small.webp`,
  bytes: body,
  contentType: 'image/webp',
  sha256: createHash('sha256').update(body).digest('hex'),
};

test('an object is written with type, cache control, checksum and metadata', async () => {
  await outputs.write(object, metadata);
  const [stored] = fake.objects.get(`resized/${object.key}`) ?? [];
  expect(stored?.body.toString()).toBe('image');
  expect(stored?.headers).toEqual({
    'content-type': 'image/webp',
    'cache-control': 'public, max-age=60',
    'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64'),
    'x-amz-meta-source-version': 'v1',
    'x-amz-meta-config-hash': configHash,
  });
  expect(await outputs.readMetadata(object.key)).toEqual(metadata);
});

test('a missing object has no metadata, and a foreign object empty metadata', async () => {
  fake.put('resized/foreign', 'x');
  expect(await outputs.readMetadata('gone')).toBeUndefined();
  expect(await outputs.readMetadata('foreign')).toEqual({});
});

test('a manifest is read as it was written, and is never cached', async () => {
  const manifest: Manifest = {
    status: 'rejected',
    reason: 'empty',
    message: 'The file is empty.',
    source: { key: odd, versionId: 'v1', etag: 'e', size: 0 },
    configHash,
    variants: [],
  };
  await outputs.writeManifest(`${odd}/manifest.json`, manifest);
  expect(await outputs.readManifest(`${odd}/manifest.json`)).toEqual(manifest);
  const [stored] = fake.objects.get(`resized/${odd}/manifest.json`) ?? [];
  expect(stored?.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-cache' });
});

test.each(['', '{"status":"resiz', '{"status":"something else"}', 'null'])(
  'an unreadable manifest (%j) counts as missing',
  async (text) => {
    fake.put('resized/a/manifest.json', text);
    expect(await outputs.readManifest('a/manifest.json')).toBeUndefined();
  },
);

test('all keys are removed in one request', async () => {
  const keys = [`${odd}/small.webp`, `${odd}/manifest.json`];
  for (const key of keys) fake.put(`resized/${key}`, 'x');
  fake.put('resized/other', 'x');
  await outputs.remove(keys);
  expect([...fake.objects.keys()]).toEqual(['resized/other']);
  expect(fake.requests).toEqual(['POST resized/']);
});

test('only the keys that S3 failed to delete are repeated', async () => {
  const bodies: number[] = [];
  fake.meddle = (request, response) => {
    bodies.push(Number(request.headers['content-length']));
    const failed = '<Error><Key>b</Key><Code>InternalError</Code><Message>try again</Message></Error>';
    response.writeHead(200, { 'content-type': 'application/xml' });
    return Boolean(response.end(`<DeleteResult>${bodies.length < 2 ? failed : ''}</DeleteResult>`));
  };
  await outputs.remove(['a', 'b', 'c']);
  expect(bodies).toHaveLength(2);
  expect(bodies[1]).toBeLessThan(bodies[0] ?? 0);
});

test('a key that S3 keeps failing to delete is an error', async () => {
  fake.meddle = (_, response) => {
    const failed = '<Error><Key>b</Key><Code>InternalError</Code><Message>try again</Message></Error>';
    response.writeHead(200, { 'content-type': 'application/xml' });
    return Boolean(response.end(`<DeleteResult>${failed}</DeleteResult>`));
  };
  await expect(outputs.remove(['a', 'b'])).rejects.toThrow('1 objects were not deleted (InternalError)');
  expect(fake.requests).toHaveLength(3);
});
