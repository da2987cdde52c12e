import type { Context } from 'aws-lambda';
import { manifestSchema, type Manifest } from '../../../lambda/image-resize/manifest';
import { FakeS3, refuse } from './fake-s3';
import { oriented } from './photos';

type Handler = (event: unknown, context: Context) => Promise<void>;

const odd = 'München+& "100%"/🌄.jpg';
const encoded = encodeURIComponent(odd).replaceAll('%20', '+').replaceAll('%2F', '/');
const variants = [
  { name: 'small', width: 40, height: 40, fit: 'inside', format: 'webp', quality: 80 },
  { name: 'preview', width: 80, height: 80, fit: 'inside', format: 'jpeg', quality: 80 },
];

const fake = new FakeS3();
let handler: Handler;
let lines: Record<string, unknown>[];

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: await fake.start(),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    RESIZED_BUCKET_NAME: 'resized',
    VARIANTS: JSON.stringify(variants),
    MAXIMUM_BYTES: '1000000',
    MAXIMUM_PIXELS: '1000000',
    CACHE_CONTROL: 'public, max-age=60',
    POWERTOOLS_SERVICE_NAME: 'image-resize',
    POWERTOOLS_METRICS_NAMESPACE: 'Test',
    // Powertools then writes to the global console, which a test can watch, but would leave metrics out.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_DISABLED: 'false',
  });
  // Loaded here, since it reads its environment when it is loaded.
  ({ handler } = jest.requireActual<{ handler: Handler }>('../../../lambda/image-resize/resize-image'));
});

afterAll(() => fake.stop());

beforeEach(() => {
  fake.objects.clear();
  fake.requests.length = 0;
  fake.meddle = () => false;
  lines = [];
  for (const level of ['log', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation((...line: unknown[]) => {
      lines.push(JSON.parse(String(line[0])) as Record<string, unknown>);
    });
  }
});

afterEach(() => jest.restoreAllMocks());

const context = (milliseconds = 60_000): Context =>
  ({ functionName: 'ResizeImage', awsRequestId: 'r1', getRemainingTimeInMillis: () => milliseconds }) as Context;

const event = (...keys: string[]): object => ({
  Records: keys.map((key) => ({
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: 'uploads' }, object: { key } },
  })),
});

const outputs = (): string[] => [...fake.objects.keys()].filter((name) => name.startsWith('resized/')).sort();
const writes = (): string[] => fake.requests.filter((request) => /^(PUT|POST|DELETE) /.test(request));
const manifest = (key: string): Manifest =>
  manifestSchema.parse(JSON.parse(fake.objects.get(`resized/${key}/manifest.json`)?.at(-1)?.body.toString() ?? 'null'));
const counts = (): string[] =>
  lines.flatMap((line) => {
    const emf = line['_aws'] as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } | undefined;
    return (emf?.CloudWatchMetrics ?? []).flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  });

test('an upload is resized into its variants, and the manifest is written last', async () => {
  fake.put(`uploads/${odd}`, await oriented(6));
  await handler(event(encoded), context());
  expect(outputs()).toEqual(
    [`${odd}/manifest.json`, `${odd}/preview.jpeg`, `${odd}/small.webp`].map((key) => `resized/${key}`),
  );
  expect(writes().at(-1)).toBe(`PUT resized/${odd}/manifest.json`);
  expect(manifest(odd)).toMatchObject({
    status: 'resized',
    source: { key: odd, width: 120, height: 80 },
  });
  expect(counts()).toEqual(['Resized']);
});

test('the same event delivered again writes nothing', async () => {
  fake.put(`uploads/${odd}`, await oriented(1));
  await handler(event(encoded), context());
  fake.requests.length = 0;
  await handler(event(encoded, encoded), context());
  expect(writes()).toEqual([]);
  expect(counts()).toEqual(['Resized', 'Unchanged']);
});

test('a file that is not a photo is rejected once, and the event succeeds', async () => {
  fake.put('uploads/page.jpg', '<html><body>hunter2</body></html>');
  await handler(event('page.jpg'), context());
  expect(outputs()).toEqual(['resized/page.jpg/manifest.json']);
  expect(manifest('page.jpg')).toMatchObject({ status: 'rejected', reason: 'unsupported-format', variants: [] });
  expect(counts()).toEqual(['Rejected']);
});

test('a deleted photo has its output removed', async () => {
  fake.put('uploads/a.jpg', await oriented(1));
  await handler(event('a.jpg'), context());
  fake.objects.delete('uploads/a.jpg');
  await handler(event('a.jpg'), context());
  expect(outputs()).toEqual([]);
  expect(counts()).toEqual(['Resized', 'Removed']);
});

test('a photo deleted before it was read is a success that is counted', async () => {
  await handler(event('gone.jpg'), context());
  expect(counts()).toEqual(['Missing']);
  expect(writes()).toEqual([]);
});

test('a key too long for its output is counted, without a single request', async () => {
  await handler(event('a'.repeat(1_020)), context());
  expect(counts()).toEqual(['KeyTooLong']);
  expect(fake.requests).toEqual([]);
});

test('the test event of S3 is ignored', async () => {
  await handler({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'uploads' }, context());
  expect(fake.requests).toEqual([]);
});

test('a photo that S3 does not return fails the event, after the others are resized', async () => {
  fake.put('uploads/a.jpg', await oriented(1));
  fake.put('uploads/b.jpg', await oriented(1));
  fake.meddle = (_, response, name) => name === 'uploads/a.jpg' && refuse(response, 'InternalError');
  await expect(handler(event('a.jpg', 'b.jpg'), context())).rejects.toMatchObject({
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
  fake.meddle = () => true;
  const start = performance.now();
  await expect(handler(event('a.jpg', 'b.jpg'), context(2_000))).rejects.toMatchObject({
    name: 'PhotosFailed',
    message: expect.stringContaining('DeadlineReachedError') as string,
  });
  expect(performance.now() - start).toBeLessThan(1_500);
});

test('log lines contain nothing of a photo but the documented fields', async () => {
  fake.put('uploads/a.jpg', Buffer.from('CANARY 4111111111111111'), { 'x-amz-meta-owner': 'CANARY@example.com' });
  const extra = { ...event('a.jpg'), token: 'CANARY', requestParameters: { sourceIPAddress: 'CANARY' } };
  await handler(extra, context());
  await expect(handler({ secret: 'CANARY' }, context())).rejects.not.toThrow('CANARY');
  expect(JSON.stringify(lines)).not.toContain('CANARY');
  expect(lines.length).toBeGreaterThan(1);
});
