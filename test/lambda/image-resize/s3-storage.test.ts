import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Outputs, Photos } from '../../../lambda/image-resize/convergence';
import type { Manifest } from '../../../lambda/image-resize/manifest';
import { connectToS3, s3Outputs, s3Photos } from '../../../lambda/image-resize/s3-storage';
import { FakeS3, refuse } from './fake-s3';

const recipe = 'a'.repeat(64);
const stamp = { sourceVersion: 'v1', recipe };
const odd = 'München+& "100%"/🌄.jpg';

let fake: FakeS3;
let client: S3Client;
let photos: Photos;
let outputs: Outputs;

beforeEach(async () => {
  fake = new FakeS3();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: await fake.start(),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  client = connectToS3();
  const { signal } = new AbortController();
  photos = s3Photos({ client, bucket: 'uploads', signal });
  outputs = s3Outputs({ client, bucket: 'resized', signal }, 'public, max-age=60');
});

afterEach(async () => {
  client.destroy();
  await fake.stop();
});

describe('photos', () => {
  test('the current version has its id, its ETag without quotes and its size', async () => {
    fake.put(`uploads/${odd}`, 'old');
    fake.put(`uploads/${odd}`, 'newer');
    expect(await photos.current(odd)).toEqual({ key: odd, versionId: 'v2', etag: 'etag', size: 5 });
  });

  test('a photo that is not there is nothing, not an error', async () => {
    expect(await photos.current('gone.jpg')).toBeUndefined();
    expect(await photos.read({ key: 'gone.jpg', versionId: 'v9', etag: '', size: 1 })).toBeUndefined();
  });

  test('exactly the version that was asked for is read', async () => {
    fake.put('uploads/a.jpg', 'old');
    fake.put('uploads/a.jpg', 'newer');
    const bytes = await photos.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 3 });
    expect(Buffer.from(bytes ?? []).toString()).toBe('old');
  });

  test('a bucket without versions is named, with what to do', async () => {
    fake.meddle = (_, response) => Boolean(response.writeHead(200, { 'content-length': '3' }).end());
    await expect(photos.current('a.jpg')).rejects.toThrow('bucket uploads keeps no versions: turn versioning on');
  });

  test('a bucket that is not there is no deleted photo', async () => {
    fake.meddle = (_, response) => {
      response.writeHead(404, { 'content-type': 'application/xml' });
      return Boolean(response.end('<Error><Code>NoSuchBucket</Code><Message>no bucket</Message></Error>'));
    };
    await expect(photos.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 3 })).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });

  test('a photo that arrives shorter than promised is tried again, not judged', async () => {
    fake.put('uploads/a.jpg', 'four');
    await expect(photos.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 5 })).rejects.toMatchObject({
      name: 'StorageFailed',
    });
  });

  test('a busy S3 is asked again', async () => {
    fake.put('uploads/a.jpg', 'x');
    let refusals = 0;
    fake.meddle = (_, response) => refusals++ < 1 && refuse(response, 'SlowDown');
    expect(await photos.current('a.jpg')).toMatchObject({ versionId: 'v1' });
    expect(fake.requests).toHaveLength(2);
  });

  test('an S3 that keeps failing is given up after four requests', async () => {
    fake.meddle = (_, response) => refuse(response, 'InternalError');
    await expect(photos.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 1 })).rejects.toMatchObject({
      name: 'InternalError',
    });
    expect(fake.requests).toHaveLength(4);
  });

  test('a refusal of HEAD, which has no body, is told by its status', async () => {
    fake.meddle = (_, response) => Boolean(response.writeHead(403).end());
    await expect(photos.current('a.jpg')).rejects.toMatchObject({
      name: 'StorageFailed',
      message: 'S3 answered HEAD with status 403',
    });
  });

  test.each(['before its header', 'in the middle of its body'])(
    'an answer that stops %s ends with the signal',
    async (where) => {
      fake.meddle = (_, response) => {
        if (where !== 'before its header') {
          response.writeHead(200, { 'content-length': '1000', 'x-amz-version-id': 'v1' });
          response.write('half');
        }
        return true;
      };
      const controller = new AbortController();
      const impatient = s3Photos({ client, bucket: 'uploads', signal: controller.signal });
      setTimeout(() => controller.abort(), 100);
      const start = performance.now();
      await expect(impatient.read({ key: 'a.jpg', versionId: 'v1', etag: '', size: 1_000 })).rejects.toThrow();
      expect(performance.now() - start).toBeLessThan(2_000);
    },
  );
});

describe('outputs', () => {
  const body = Buffer.from('picture');
  const object = {
    key: `${odd}/small.webp`,
    bytes: body,
    contentType: 'image/webp',
    sha256: createHash('sha256').update(body).digest('hex'),
  };

  test('an object is written with type, cache control, checksum and what it was made from', async () => {
    await outputs.write(object, stamp);
    const [stored] = fake.objects.get(`resized/${object.key}`) ?? [];
    expect(stored?.body.toString()).toBe('picture');
    expect(stored?.headers).toEqual({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=60',
      'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64'),
      'x-amz-meta-source-version': 'v1',
      'x-amz-meta-recipe': recipe,
    });
    expect(await outputs.stamp(object.key)).toEqual(stamp);
  });

  test('an object that is not there has no stamp, and one of somebody else an empty one', async () => {
    fake.put('resized/foreign', 'x');
    expect(await outputs.stamp('gone')).toBeUndefined();
    expect(await outputs.stamp('foreign')).toEqual({});
  });

  test('a manifest is read as it was written, and never cached', async () => {
    const manifest: Manifest = {
      status: 'rejected',
      reason: 'empty',
      message: 'The file is empty.',
      source: { key: odd, versionId: 'v1', etag: 'e', size: 0 },
      recipe,
      variants: [],
    };
    await outputs.writeManifest(`${odd}/manifest.json`, manifest);
    expect(await outputs.manifest(`${odd}/manifest.json`)).toEqual(manifest);
    const [stored] = fake.objects.get(`resized/${odd}/manifest.json`) ?? [];
    expect(stored?.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-cache' });
  });

  test.each(['', '{"status":"resiz', '{"status":"something else"}', 'null'])(
    'a manifest that cannot be read (%j) is none',
    async (text) => {
      fake.put('resized/a/manifest.json', text);
      expect(await outputs.manifest('a/manifest.json')).toBeUndefined();
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

  test('only what S3 failed to delete is asked for again', async () => {
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
});
