import { S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { S3PhotoStore } from '../../../lambda/image-resize/s3-photos';
import { createS3Client } from '../../../lambda/shared/s3-client';
import { FakeS3 } from '../../fakes/fake-s3';
import { s3Refusal } from '../../fakes/s3-responses';

const odd = 'München+& "100%"/🌄.jpg';

let fake: FakeS3;
let photos: S3PhotoStore;

beforeEach(() => {
  fake = new FakeS3({ uploads: 'Enabled', plain: 'Off', suspended: 'Suspended' });
  photos = storeOf('uploads');
});

function storeOf(bucket: string, signal = new AbortController().signal): S3PhotoStore {
  return new S3PhotoStore({ client: new S3Client(fake.clientConfig), bucket, signal });
}

const missing = { key: 'gone.jpg', versionId: 'v9', etag: '', size: 1 };

describe('the current version', () => {
  test('has its id, ETag without quotes and size', async () => {
    fake.put('uploads', odd, { body: 'old' });
    fake.put('uploads', odd, { body: 'newer', etag: 'etag' });
    const version = { key: odd, versionId: 'v2', etag: 'etag', size: 5 };
    expect(await photos.current(odd)).toEqual({ state: 'present', version });
    expect(fake.operations).toEqual(['HeadObject']);
  });

  test('of a deleted photo is known by its delete marker, in one request', async () => {
    fake.put('uploads', odd, 'x');
    fake.bucket('uploads').delete(odd);
    expect(await photos.current(odd)).toEqual({ state: 'deleted' });
    expect(fake.operations).toEqual(['HeadObject']);
  });

  test.each(['a.jpg', odd, 'a\u0001\ufffe.jpg'])('of a key that has no version, %j, is absent', async (key) => {
    fake.put('uploads', `${key}.other`, 'x');
    fake.put('uploads', '0', 'x');
    expect(await photos.current(key)).toEqual({ state: 'absent' });
    expect(fake.operations).toEqual(['HeadObject', 'ListObjectVersions']);
  });

  test('that S3 lists and answers with 404 is an error, so that nothing is removed', async () => {
    fake.put('uploads', odd, 'x');
    fake.before = (request) => (request.method === 'HEAD' ? s3Refusal('NoSuchKey', 404, request) : undefined);
    await expect(photos.current(odd)).rejects.toMatchObject({
      name: 'StorageFailed',
      message: 'S3 answered 404 for version v1, which it lists',
    });
  });

  test('of a key whose listing shows a delete marker is deleted', async () => {
    fake.put('uploads', odd, 'x');
    fake.bucket('uploads').delete(odd);
    fake.before = (request) => (request.method === 'HEAD' ? s3Refusal('NoSuchKey', 404, request) : undefined);
    expect(await photos.current(odd)).toEqual({ state: 'deleted' });
  });

  test('in a missing bucket is an error that names the bucket as the reason', async () => {
    await expect(storeOf('elsewhere').current('a.jpg')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  test.each(['plain', 'suspended'])('in a bucket that is %s is an error that says what to do', async (bucket) => {
    fake.put(bucket, 'a.jpg', 'x');
    await expect(storeOf(bucket).current('a.jpg')).rejects.toMatchObject({
      name: 'StorageFailed',
      message: `the photo has no version of its own: turn versioning of ${bucket} on, then upload it again`,
    });
  });

  test.each([403, 500])('that S3 refuses with %d, without a body, is an error with that status', async (status) => {
    fake.before = (request) => s3Refusal('Whatever', status, request);
    await expect(photos.current('a.jpg')).rejects.toMatchObject({
      name: 'StorageFailed',
      message: `S3 answered HEAD with status ${status}`,
    });
  });

  test('that S3 refuses with 400 for another reason than a key is the error of the listing', async () => {
    fake.before = (request) => s3Refusal('ExpiredToken', 400, request);
    await expect(photos.current('a.jpg')).rejects.toMatchObject({ name: 'ExpiredToken' });
  });
});

describe('reading', () => {
  test('returns exactly the requested version', async () => {
    fake.put('uploads', 'a.jpg', 'old');
    fake.put('uploads', 'a.jpg', 'newer');
    const bytes = await photos.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 3 });
    expect(Buffer.from(bytes ?? []).toString()).toBe('old');
  });

  test('returns undefined for a version that is gone', async () => {
    expect(await photos.read(missing)).toBeUndefined();
  });

  test('does not take a missing bucket for a deleted photo', async () => {
    await expect(storeOf('elsewhere').read(missing)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  test('retries a photo that arrives incomplete', async () => {
    fake.put('uploads', 'a.jpg', 'four');
    await expect(photos.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 5 })).rejects.toMatchObject({
      name: 'StorageFailed',
    });
  });

  test.each([
    ['GLACIER', {}],
    ['INTELLIGENT_TIERING', { archiveStatus: 'DEEP_ARCHIVE_ACCESS' }],
  ])('rejects a photo that is archived in %s, and reads it once it is restored', async (storageClass, more) => {
    fake.put('uploads', 'a.jpg', { body: 'x', storageClass, ...more });
    const current = await photos.current('a.jpg');
    if (current.state !== 'present') throw new Error('the photo is not there');
    await expect(photos.read(current.version)).rejects.toMatchObject({ name: 'RejectedPhoto', reason: 'archived' });
    fake.put('uploads', 'b.jpg', { body: 'x', storageClass, ...more, isRestored: true });
    await expect(photos.read({ ...current.version, key: 'b.jpg', versionId: 'v2' })).resolves.toHaveLength(1);
  });

  test("rejects a photo that is encrypted with a customer's key, whose version is found by a listing", async () => {
    fake.put('uploads', odd, { body: 'secret', etag: 'etag', customerKeyMd5: 'md5' });
    const current = await photos.current(odd);
    expect(current).toEqual({ state: 'present', version: { key: odd, versionId: 'v1', etag: 'etag', size: 6 } });
    if (current.state !== 'present') throw new Error('the photo is not there');
    await expect(photos.read(current.version)).rejects.toMatchObject({
      name: 'RejectedPhoto',
      reason: 'customer-key',
      message: expect.not.stringMatching(/SSE|S3/) as string,
    });
  });

  test.each(['before its header', 'in the middle of its body'])(
    'ends with the signal where a response stops %s',
    async (where) => {
      fake.before = () => {
        if (where === 'before its header') return new Promise(() => undefined);
        const body = new Readable({ read: () => undefined });
        body.push('half');
        return { status: 200, headers: { 'content-length': '1000', 'x-amz-version-id': 'v1' }, body };
      };
      const environment = await fake.listen();
      Object.assign(process.env, environment, { AWS_REGION: 'eu-west-1' });
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
      const controller = new AbortController();
      const client = createS3Client();
      const impatient = new S3PhotoStore({ client, bucket: 'uploads', signal: controller.signal });
      setTimeout(() => controller.abort(), 100);
      const isLate = jest.fn();
      const timer = setTimeout(isLate, 2_000);
      await expect(impatient.read({ ...missing, size: 1_000 })).rejects.toThrow();
      expect(isLate).not.toHaveBeenCalled();
      clearTimeout(timer);
      client.destroy();
      await fake.close();
    },
  );
});
