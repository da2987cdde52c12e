import { touchedPhotos } from '../../../lambda/image-resize/s3-event';

const territory = { uploadBucket: 'uploads', outputBucket: 'resized', outputPrefix: '' };
const record = (key: string, bucket = 'uploads'): object => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` }, object: { key, versionId: 'v1', sequencer: '00' } },
});
const event = (...records: object[]): object => ({ Records: records });

test('every record counts, each photo once', () => {
  const photos = touchedPhotos(
    event(record('a+b.jpg'), record('c.jpg'), record('a+b.jpg'), record('a%20b.jpg')),
    territory,
  );
  expect(photos).toEqual([
    { bucket: 'uploads', key: 'a b.jpg' },
    { bucket: 'uploads', key: 'c.jpg' },
  ]);
});

test('the test event that S3 sends once is ignored', () => {
  const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2026-01-01T00:00:00.000Z', Bucket: 'uploads' };
  expect(touchedPhotos(test, territory)).toEqual([]);
});

test.each([
  [{}],
  [undefined],
  ['text'],
  [{ Records: 'none' }],
  [{ Records: [{ eventSource: 'aws:sqs', body: '{}' }] }],
  [{ Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: 'uploads' } } }] }],
])('%j is refused as no S3 notification', (input) => {
  expect(() => touchedPhotos(input, territory)).toThrow(
    expect.objectContaining({
      name: 'UnusableEvent',
      message: expect.stringMatching(/^not an S3 notification/) as string,
    }) as Error,
  );
});

test('a refusal says where the event is wrong and repeats nothing of it', () => {
  const secret = {
    Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: 'uploads' }, object: { password: 'hunter2' } } }],
  };
  expect(() => touchedPhotos(secret, territory)).toThrow('wrong at Records.0.s3.object.key');
  expect(() => touchedPhotos(secret, territory)).not.toThrow('hunter2');
});

test('a key that is not URL-encoded is refused', () => {
  expect(() => touchedPhotos(event(record('100%.jpg')), territory)).toThrow('"100%.jpg" is not URL-encoded');
});

test('an event of another bucket is refused', () => {
  expect(() => touchedPhotos(event(record('a.jpg', 'other')), territory)).toThrow(
    'event of bucket other, expected uploads',
  );
});

describe("the function's own output is never its input", () => {
  test('in a bucket of its own', () => {
    const anyBucket = { outputBucket: 'resized', outputPrefix: '' };
    expect(() => touchedPhotos(event(record('a.jpg', 'resized')), anyBucket)).toThrow("this function's own output");
    expect(touchedPhotos(event(record('a.jpg')), anyBucket)).toHaveLength(1);
  });

  test('under a prefix of the upload bucket', () => {
    const shared = { outputPrefix: 'resized/' };
    expect(() => touchedPhotos(event(record('resized/a.jpg/large.webp')), shared)).toThrow(
      "this function's own output",
    );
    expect(touchedPhotos(event(record('originals/a.jpg')), shared)).toHaveLength(1);
  });
});
