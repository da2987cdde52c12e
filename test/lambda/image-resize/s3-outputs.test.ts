import { S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { Manifest } from '../../../lambda/image-resize/manifest';
import { S3OutputStore } from '../../../lambda/image-resize/s3-outputs';
import { FakeS3 } from '../../fakes/fake-s3';
import { xmlResponse } from '../../fakes/s3-responses';

const configHash = 'a'.repeat(64);
const metadata = { sourceVersion: 'v1', configHash };
const odd = 'München+& "100%"/🌄.jpg';
const body = Buffer.from('image');
const object = {
  key: `${odd}/small.webp`,
  bytes: body,
  contentType: 'image/webp',
  sha256: createHash('sha256').update(body).digest('hex'),
};

let fake: FakeS3;
let outputs: S3OutputStore;

beforeEach(() => {
  fake = new FakeS3({ resized: 'Enabled' });
  const client = new S3Client(fake.clientConfig);
  const access = { client, bucket: 'resized', signal: new AbortController().signal };
  outputs = new S3OutputStore(access, 'public, max-age=60');
});

test('an object is written with type, cache control, checksum and metadata', async () => {
  await outputs.write(object, metadata);
  const stored = fake.object('resized', object.key);
  expect(stored?.body.toString()).toBe('image');
  expect(stored?.headers).toEqual({
    'content-type': 'image/webp',
    'cache-control': 'public, max-age=60',
    'x-amz-meta-source-version': 'v1',
    'x-amz-meta-config-hash': configHash,
  });
  expect(stored?.checksums).toEqual({ SHA256: createHash('sha256').update(body).digest('base64') });
  expect(await outputs.readMetadata(object.key)).toEqual(metadata);
});

test('a missing object has no metadata, and a foreign object empty metadata', async () => {
  fake.put('resized', 'foreign', 'x');
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
  const { headers } = fake.object('resized', `${odd}/manifest.json`) ?? {};
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-cache' });
});

test.each(['', '{"status":"resiz', '{"status":"something else"}', 'null'])(
  'an unreadable manifest (%j) counts as missing',
  async (text) => {
    fake.put('resized', 'a/manifest.json', text);
    expect(await outputs.readManifest('a/manifest.json')).toBeUndefined();
  },
);

describe('removal', () => {
  test('takes all keys in one request', async () => {
    const keys = [`${odd}/small.webp`, 'tab\t, line\n and return\r/manifest.json'];
    for (const key of keys) fake.put('resized', key, 'x');
    fake.put('resized', 'other', 'x');
    await outputs.remove(keys);
    expect(fake.keys('resized')).toEqual(['other']);
    expect(fake.operations).toEqual(['DeleteObjects']);
  });

  test.each(['\u0001', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff'])(
    'of a key with %j, which XML cannot carry, is a request of its own',
    async (character) => {
      const keys = ['plain/small.webp', `odd${character}/small.webp`, `odd${character}/manifest.json`];
      for (const key of keys) fake.put('resized', key, 'x');
      await outputs.remove(keys);
      expect(fake.keys('resized')).toEqual([]);
      expect(fake.operations).toEqual(['DeleteObjects', 'DeleteObject', 'DeleteObject']);
    },
  );

  const failed = '<Error><Key>b</Key><Code>InternalError</Code><Message>try again</Message></Error>';

  test('repeats only the keys that S3 failed to delete', async () => {
    fake.before = () => xmlResponse(`<DeleteResult>${fake.requests.length < 2 ? failed : ''}</DeleteResult>`);
    await outputs.remove(['a', 'b', 'c']);
    const asked = fake.requests.map((request) =>
      [...request.body.toString().matchAll(/<Key>(.)<\/Key>/g)].map(([, key]) => key),
    );
    expect(asked).toEqual([['a', 'b', 'c'], ['b']]);
  });

  test('fails where S3 keeps failing to delete a key', async () => {
    fake.before = () => xmlResponse(`<DeleteResult>${failed}</DeleteResult>`);
    await expect(outputs.remove(['a', 'b'])).rejects.toThrow('1 objects were not deleted (InternalError)');
    expect(fake.requests).toHaveLength(3);
  });
});
