import type { S3Client } from '@aws-sdk/client-s3';
import { S3PhotoStore } from '../../../lambda/image-resize/s3-photos';
import { createS3Client } from '../../../lambda/shared/s3-client';
import { FakeS3, refuse } from './fake-s3';

const odd = 'München+& "100%"/🌄.jpg';

let fake: FakeS3;
let client: S3Client;
let photos: S3PhotoStore;

beforeEach(async () => {
  fake = new FakeS3();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: await fake.start(),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  client = createS3Client({ maxAttempts: 4 });
  photos = new S3PhotoStore({ client, bucket: 'uploads', signal: new AbortController().signal });
});

afterEach(async () => {
  client.destroy();
  await fake.stop();
});

test('the current version has its id, ETag without quotes and size', async () => {
  fake.put(`uploads/${odd}`, 'old');
  fake.put(`uploads/${odd}`, 'newer');
  expect(await photos.current(odd)).toEqual({ key: odd, versionId: 'v2', etag: 'etag', size: 5 });
});

test('a missing photo is undefined, not an error', async () => {
  expect(await photos.current('gone.jpg')).toBeUndefined();
  expect(await photos.read({ key: 'gone.jpg', versionId: 'v9', etag: '', size: 1 })).toBeUndefined();
});

test('exactly the requested version is read', async () => {
  fake.put('uploads/a.jpg', 'old');
  fake.put('uploads/a.jpg', 'newer');
  const bytes = await photos.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 3 });
  expect(Buffer.from(bytes ?? []).toString()).toBe('old');
});

test('a bucket without versioning is named, with what to do', async () => {
  fake.meddle = (_, response) => Boolean(response.writeHead(200, { 'content-length': '3' }).end());
  await expect(photos.current('a.jpg')).rejects.toThrow('bucket uploads keeps no versions: turn versioning on');
});

test('a missing bucket is not a deleted photo', async () => {
  fake.meddle = (_, response) => {
    response.writeHead(404, { 'content-type': 'application/xml' });
    return Boolean(response.end('<Error><Code>NoSuchBucket</Code><Message>no bucket</Message></Error>'));
  };
  await expect(photos.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 3 })).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
});

test('a photo that arrives incomplete is retried, not rejected', async () => {
  fake.put('uploads/a.jpg', 'four');
  await expect(photos.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 5 })).rejects.toMatchObject({
    name: 'StorageFailed',
  });
});

test('a throttled request is repeated', async () => {
  fake.put('uploads/a.jpg', 'x');
  let refusals = 0;
  fake.meddle = (_, response) => refusals++ < 1 && refuse(response, 'SlowDown');
  expect(await photos.current('a.jpg')).toMatchObject({ versionId: 'v1' });
  expect(fake.requests).toHaveLength(2);
});

test('a request that keeps failing is repeated three times', async () => {
  fake.meddle = (_, response) => refuse(response, 'InternalError');
  await expect(photos.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 1 })).rejects.toMatchObject({
    name: 'InternalError',
  });
  expect(fake.requests).toHaveLength(4);
});

test('a refused HEAD, which has no body, is reported with its status', async () => {
  fake.meddle = (_, response) => Boolean(response.writeHead(403).end());
  await expect(photos.current('a.jpg')).rejects.toMatchObject({
    name: 'StorageFailed',
    message: 'S3 answered HEAD with status 403',
  });
});

test.each(['before its header', 'in the middle of its body'])(
  'a response that stops %s ends with the signal',
  async (where) => {
    fake.meddle = (_, response) => {
      if (where !== 'before its header') {
        response.writeHead(200, { 'content-length': '1000', 'x-amz-version-id': 'v1' });
        response.write('half');
      }
      return true;
    };
    const controller = new AbortController();
    const impatient = new S3PhotoStore({ client, bucket: 'uploads', signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    const start = performance.now();
    await expect(impatient.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 1_000 })).rejects.toThrow();
    expect(performance.now() - start).toBeLessThan(2_000);
  },
);
