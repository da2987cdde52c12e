import { parseS3Event } from '../../../lambda/image-resize/s3-event';

const scope = { outputBucket: 'resized', outputPrefix: '' };
const record = (key: string, bucket = 'uploads'): object => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` }, object: { key, versionId: 'v1', sequencer: '00' } },
});
const event = (...records: object[]): object => ({ Records: records });

test('every record counts, and each photo once', () => {
  const photos = parseS3Event(event(record('a+b.jpg'), record('c.jpg'), record('a+b.jpg'), record('a%20b.jpg')), scope);
  expect(photos).toMatchObject([
    { bucket: 'uploads', key: 'a b.jpg' },
    { bucket: 'uploads', key: 'c.jpg' },
  ]);
});

test.each([
  ['ObjectCreated:Put', false],
  ['ObjectRemoved:DeleteMarkerCreated', true],
  ['ObjectRemoved:Delete', true],
  ['LifecycleExpiration:Delete', true],
  ['s3:LifecycleExpiration:Delete', true],
  ['LifecycleExpiration:DeleteMarkerCreated', true],
])('%s is a deletion: %s', (eventName, isDeletion) => {
  const eventTime = '2026-01-01T00:00:00.123Z';
  const one = { ...record('a.jpg'), eventName, eventTime };
  expect(parseS3Event(event(one), scope)).toEqual([
    { bucket: 'uploads', key: 'a.jpg', isDeletion, time: new Date(eventTime), record: one },
  ]);
});

test('of several records for a photo, one that reports a deletion counts', () => {
  const deletion = { ...record('a.jpg'), eventName: 'ObjectRemoved:Delete' };
  const [photo] = parseS3Event(event(deletion, record('a.jpg')), scope);
  expect(photo).toMatchObject({ isDeletion: true, time: undefined });
});

test('the test event of S3 is ignored', () => {
  const testEvent = {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: '2026-01-01T00:00:00.000Z',
    Bucket: 'uploads',
  };
  expect(parseS3Event(testEvent, scope)).toEqual([]);
});

test.each([
  [{}],
  [undefined],
  ['text'],
  [{ Records: 'none' }],
  [{ Records: [{ eventSource: 'aws:sqs', body: '{}' }] }],
  [{ Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: 'uploads' } } }] }],
])('%j is refused: not an S3 notification', (input) => {
  expect(() => parseS3Event(input, scope)).toThrow(
    expect.objectContaining({
      name: 'UnusableEvent',
      message: expect.stringMatching(/^not an S3 notification/) as string,
    }) as Error,
  );
});

test('a refusal says where the event is invalid and repeats nothing of it', () => {
  const secret = {
    Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: 'uploads' }, object: { password: 'hunter2' } } }],
  };
  expect(() => parseS3Event(secret, scope)).toThrow('invalid at Records[0].s3.object.key');
  expect(() => parseS3Event(secret, scope)).not.toThrow('hunter2');
});

test('a key that is not URL-encoded is refused', () => {
  expect(() => parseS3Event(event(record('100%.jpg')), scope)).toThrow('"100%.jpg" is not URL-encoded');
});

describe("the function's own output is never its input", () => {
  test('in a bucket of its own', () => {
    expect(() => parseS3Event(event(record('a.jpg', 'resized')), scope)).toThrow("this function's own output");
    expect(parseS3Event(event(record('a.jpg')), scope)).toHaveLength(1);
  });

  test('under a prefix of the upload bucket', () => {
    const shared = { outputPrefix: 'resized/' };
    expect(() => parseS3Event(event(record('resized/a.jpg/large.webp')), shared)).toThrow("this function's own output");
    expect(parseS3Event(event(record('originals/a.jpg')), shared)).toHaveLength(1);
  });
});
