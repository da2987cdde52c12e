import type { Context } from 'aws-lambda';
import { manifestSchema, type Manifest } from '../../../lambda/image-resize/manifest';
import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { FakeS3 } from '../../fakes/fake-s3';
import { FakeSQS } from '../../fakes/fake-sqs';
import { lambdaContext, loadHandler, type LoadedHandler } from '../../fakes/load-handler';
import { s3Refusal } from '../../fakes/s3-responses';
import { oriented } from './photos';

const odd = 'München+& "100%"/🌄.jpg';
const encoded = encodeURIComponent(odd).replaceAll('%20', '+').replaceAll('%2F', '/');
const variants = [
  { name: 'small', width: 40, height: 40, fit: 'inside', format: 'webp', quality: 80 },
  { name: 'preview', width: 80, height: 80, fit: 'inside', format: 'jpeg', quality: 80 },
];

let s3: FakeS3;
let sqs: FakeSQS;
let handler: LoadedHandler<void>;
let output: CapturedOutput;

beforeEach(async () => {
  s3 = new FakeS3({ uploads: 'Enabled', resized: 'Enabled' });
  sqs = new FakeSQS({ notFound: {} });
  const environment = { ...(await s3.listen()), ...(await sqs.listen()) };
  output = captureOutput();
  handler = loadHandler('image-resize/resize-image', {
    ...environment,
    RESIZED_BUCKET_NAME: 'resized',
    VARIANTS: JSON.stringify(variants),
    MAXIMUM_BYTES: '1000000',
    MAXIMUM_PIXELS: '1000000',
    CACHE_CONTROL: 'public, max-age=60',
    NOT_FOUND_QUEUE_URL: sqs.urlOf('notFound'),
    NOT_FOUND_RETRY_SECONDS: '150',
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all([s3.close(), sqs.close()]);
});

const context = (milliseconds = 60_000): Context => lambdaContext(milliseconds);

interface EventOptions {
  readonly name?: string;
  /** Seconds. */
  readonly age?: number;
}

const event = (keys: string | readonly string[], { name = 'ObjectCreated:Put', age = 0 }: EventOptions = {}) => ({
  Records: [keys].flat().map((key) => ({
    eventSource: 'aws:s3',
    eventName: name,
    eventTime: new Date(Date.now() - age * 1_000).toISOString(),
    s3: { bucket: { name: 'uploads' }, object: { key } },
  })),
});

const outputs = (): string[] => s3.keys('resized');
const writes = (): string[] => s3.operations.filter((operation) => /^(Put|Delete)/.test(operation));
const manifest = (key: string): Manifest =>
  manifestSchema.parse(JSON.parse(s3.text('resized', `${key}/manifest.json`) ?? 'null'));
const counts = (): string[] =>
  output.lines().flatMap((line) => {
    const emf = line['_aws'] as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } | undefined;
    return (emf?.CloudWatchMetrics ?? []).flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  });

test('an upload is resized into its variants, and the manifest is written last', async () => {
  s3.put('uploads', odd, await oriented(6));
  await handler(event(encoded), context());
  expect(outputs()).toEqual([`${odd}/manifest.json`, `${odd}/preview.jpeg`, `${odd}/small.webp`]);
  expect(s3.requests.filter(({ operation }) => operation === 'PutObject').at(-1)?.path).toMatch(/\/manifest\.json$/);
  expect(manifest(odd)).toMatchObject({
    status: 'resized',
    source: { key: odd, width: 120, height: 80 },
  });
  expect(counts()).toEqual(['Resized']);
});

test('the same event delivered again writes nothing', async () => {
  s3.put('uploads', odd, await oriented(1));
  await handler(event(encoded), context());
  s3.requests.length = 0;
  await handler(event([encoded, encoded]), context());
  expect(writes()).toEqual([]);
  expect(counts()).toEqual(['Resized', 'Unchanged']);
});

test('a file that is not a photo is rejected once, and the event succeeds', async () => {
  s3.put('uploads', 'page.jpg', '<html><body>hunter2</body></html>');
  await handler(event('page.jpg'), context());
  expect(outputs()).toEqual(['page.jpg/manifest.json']);
  expect(manifest('page.jpg')).toMatchObject({ status: 'rejected', reason: 'unsupported-format', variants: [] });
  expect(counts()).toEqual(['Rejected']);
});

test('a deleted photo has its output removed', async () => {
  s3.put('uploads', 'a.jpg', await oriented(1));
  await handler(event('a.jpg'), context());
  s3.bucket('uploads').delete('a.jpg');
  await handler(event('a.jpg'), context());
  expect(outputs()).toEqual([]);
  expect(counts()).toEqual(['Resized', 'Removed']);
});

test('a photo deleted before it was read is a success that is counted', async () => {
  s3.put('uploads', 'gone.jpg', 'x');
  s3.bucket('uploads').delete('gone.jpg');
  await handler(event('gone.jpg'), context());
  expect(counts()).toEqual(['Missing']);
  expect(writes()).toEqual([]);
});

test('a key too long for its output is counted, without a single request', async () => {
  await handler(event('a'.repeat(1_020)), context());
  expect(counts()).toEqual(['KeyTooLong']);
  expect(s3.requests).toEqual([]);
});

test('the test event of S3 is ignored', async () => {
  await handler({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'uploads' }, context());
  expect(s3.requests).toEqual([]);
});

test('a photo that S3 does not return fails the event, after the others are resized', async () => {
  s3.put('uploads', 'a.jpg', await oriented(1));
  s3.put('uploads', 'b.jpg', await oriented(1));
  s3.before = (request) =>
    request.path.endsWith('uploads/a.jpg') ? s3Refusal('InternalError', 500, request) : undefined;
  await expect(handler(event(['a.jpg', 'b.jpg']), context())).rejects.toMatchObject({
    name: 'PhotosFailed',
    message: '1 of 2 photos failed: StorageFailed: S3 answered HEAD with status 500',
    errors: [expect.objectContaining({ name: 'StorageFailed' })],
  });
  expect(manifest('b.jpg').status).toBe('resized');
  expect(counts().sort()).toEqual(['Failed', 'Resized']);
});

test('an event that is not from S3 fails by name', async () => {
  await expect(handler({ hello: 'world' }, context())).rejects.toMatchObject({ name: 'UnusableEvent' });
});

test('a request that S3 does not answer ends over half a second before the timeout', async () => {
  s3.before = () => new Promise(() => undefined);
  // A timer, not the time: on a machine that stands still for a moment both are late.
  const isLate = jest.fn();
  const timer = setTimeout(isLate, 1_500);
  await expect(handler(event(['a.jpg', 'b.jpg']), context(2_000))).rejects.toMatchObject({
    name: 'PhotosFailed',
    message: expect.stringContaining('DeadlineReachedError') as string,
  });
  expect(isLate).not.toHaveBeenCalled();
  clearTimeout(timer);
});

test('log lines contain nothing of a photo but the documented fields', async () => {
  s3.put('uploads', 'a.jpg', { body: 'CANARY 4111111111111111', metadata: { owner: 'CANARY@example.com' } });
  const extra = { ...event('a.jpg'), token: 'CANARY', requestParameters: { sourceIPAddress: 'CANARY' } };
  await handler(extra, context());
  await expect(handler({ secret: 'CANARY' }, context())).rejects.not.toThrow('CANARY');
  expect(output.text).not.toContain('CANARY');
  expect(output.lines().length).toBeGreaterThan(1);
});

describe('a photo that an event reports and S3 does not have', () => {
  test('is tried again while its event is young', async () => {
    await expect(handler(event('gone.jpg', { age: 149 }), context())).rejects.toMatchObject({
      name: 'PhotosFailed',
      message: expect.stringContaining('PhotoNotFoundError') as string,
    });
    expect(sqs.queue('notFound').messages).toEqual([]);
    expect(counts()).toEqual(['Failed', 'ExpectedErrors']);
  });

  test('is an error for an operator where another photo of the event failed too', async () => {
    s3.put('uploads', 'a.jpg', 'x');
    s3.before = (request) =>
      request.path.endsWith('uploads/a.jpg') ? s3Refusal('InternalError', 500, request) : undefined;
    await expect(handler(event(['gone.jpg', 'a.jpg']), context())).rejects.toThrow('2 of 2 photos failed');
    expect(counts()).toEqual(['Failed']);
  });

  test('is set aside in the last attempt, without an error', async () => {
    const late = event('gone.jpg', { age: 151 });
    await handler(late, context());
    const bodies = sqs.queue('notFound').messages.map(({ body }) => JSON.parse(body) as object);
    expect(bodies).toEqual([expect.objectContaining({ requestPayload: late })]);
    expect(counts()).toEqual(['NotFound']);
  });

  test('loses the output of versions that were deleted for good, and its event is kept all the same', async () => {
    s3.put('uploads', 'a.jpg', await oriented(1));
    await handler(event('a.jpg'), context());
    s3.bucket('uploads').deleteVersion('a.jpg', 'v1');
    await handler(event('a.jpg', { age: 200 }), context());
    expect(outputs()).toEqual([]);
    expect(sqs.queue('notFound').messages).toHaveLength(1);
  });

  test('keeps its output where S3 lists the photo or the listing fails', async () => {
    s3.put('uploads', 'a.jpg', await oriented(1));
    await handler(event('a.jpg'), context());
    const before = outputs();
    s3.before = (request) => (request.method === 'HEAD' ? s3Refusal('NoSuchKey', 404, request) : undefined);
    await expect(handler(event('a.jpg', { age: 200 }), context())).rejects.toThrow('which it lists');
    s3.before = (request) => (request.path.includes('uploads') ? s3Refusal('NoSuchBucket', 404, request) : undefined);
    await expect(handler(event('a.jpg', { age: 200 }), context())).rejects.toThrow('NoSuchBucket');
    s3.before = () => undefined;
    expect(outputs()).toEqual(before);
    expect(sqs.queue('notFound').messages).toEqual([]);
  });

  // A delete marker may have been deleted too, as a purge of the photo does.
  test.each(['ObjectRemoved:Delete', 'ObjectRemoved:DeleteMarkerCreated', 'LifecycleExpiration:Delete'])(
    'is explained by %s',
    async (name) => {
      await handler(event('gone.jpg', { name }), context());
      expect(counts()).toEqual(['Missing']);
    },
  );
});

test('a photo that is archived or encrypted with a key of its owner is rejected in one attempt', async () => {
  s3.put('uploads', 'archived.jpg', { body: 'x', storageClass: 'DEEP_ARCHIVE' });
  s3.put('uploads', 'encrypted.jpg', { body: 'x', customerKeyMd5: 'md5' });
  await handler(event(['archived.jpg', 'encrypted.jpg']), context());
  expect(manifest('archived.jpg')).toMatchObject({ status: 'rejected', reason: 'archived' });
  expect(manifest('encrypted.jpg')).toMatchObject({
    status: 'rejected',
    reason: 'customer-key',
    source: { versionId: 'v2' },
  });
  await handler(event(['archived.jpg', 'encrypted.jpg']), context());
  expect(counts()).toEqual(['Rejected', 'Unchanged']);
});

test('a key that XML cannot carry is resized, and its output is removed with it', async () => {
  const key = 'a\u0001b\ufffe.jpg';
  s3.put('uploads', key, await oriented(1));
  await handler(event(encodeURIComponent(key)), context());
  expect(outputs()).toHaveLength(3);
  s3.bucket('uploads').delete(key);
  await handler(event(encodeURIComponent(key), { name: 'ObjectRemoved:DeleteMarkerCreated' }), context());
  expect(outputs()).toEqual([]);
});
