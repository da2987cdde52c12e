import { gunzipSync } from 'node:zlib';
import type { Reading } from '../../../lambda/stream-processor/reading';
import type { StreamResponse } from '../../../lambda/stream-processor/stream-response';
import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeS3 } from '../../fakes/fake-s3';
import { jsonRefusal } from '../../fakes/json-service';
import { lambdaContext, loadHandler, type LoadedHandler } from '../../fakes/load-handler';
import { aReading, kinesisEvent, recordsOf } from './readings';

let dynamodb: FakeDynamoDB;
let s3: FakeS3;
let output: CapturedOutput;
let handler: LoadedHandler<StreamResponse>;

beforeEach(async () => {
  dynamodb = new FakeDynamoDB({
    Windows: { partitionKey: 'deviceId', sortKey: 'windowStart' },
    Seen: { partitionKey: 'reading' },
  });
  s3 = new FakeS3({ archive: 'Enabled' });
  output = captureOutput();
  handler = loadHandler('stream-processor/aggregate-readings', {
    ...(await dynamodb.listen()),
    ...(await s3.listen()),
    WINDOWS_TABLE_NAME: 'Windows',
    SEEN_TABLE_NAME: 'Seen',
    ARCHIVE_BUCKET_NAME: 'archive',
    WINDOW_SECONDS: '60',
    LATENESS_SECONDS: '3600',
    CLOCK_TOLERANCE_SECONDS: '300',
    REMEMBER_SECONDS: '86400',
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all([dynamodb.close(), s3.close()]);
});

const eventOf = (...data: (Reading | string)[]) => kinesisEvent(recordsOf(...data));
const countOf = (deviceId: string) =>
  dynamodb.item('Windows', { deviceId: { S: deviceId }, windowStart: { S: '2026-11-27T09:30:00.000Z' } })?.['count']?.N;

it('readings are in their windows and in the archive, by the hour in which they were taken', async () => {
  expect(await handler(eventOf(aReading(), aReading({ deviceId: 'd-2' }), aReading()))).toEqual({
    batchItemFailures: [],
  });
  expect([countOf('d-1'), countOf('d-2')]).toEqual(['1', '1']);
  const object = s3.bucket('archive').current('readings/2026/11/27/09/1-3.jsonl.gz');
  const lines = gunzipSync(object?.body ?? Buffer.alloc(0)).toString();
  expect(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([aReading(), aReading({ deviceId: 'd-2' })]);
});

it('a poison record behind others is named, and those before it are in their windows', async () => {
  expect(await handler(eventOf(aReading(), 'secret', aReading({ deviceId: 'd-2' })))).toEqual({
    batchItemFailures: [{ itemIdentifier: '2' }],
  });
  expect([countOf('d-1'), countOf('d-2')]).toEqual(['1', undefined]);
  expect(output.text).toContain('"sequenceNumber":"2"');
  expect(output.text).not.toContain('secret');
});

it('a poison record that is the first fails the function, which counts as expected', async () => {
  await expect(handler(eventOf('no JSON', aReading()))).rejects.toThrow('reading: use JSON');
  expect(output.text).toContain('"ExpectedErrors":1');
});

it('a table that is down until the time is up fails the function, and nothing counts as expected', async () => {
  dynamodb.before = () => jsonRefusal('InternalServerError', 'down', {}, 500);
  await expect(handler(eventOf(aReading()), lambdaContext(2_100))).rejects.toThrow('down');
  expect(output.text).not.toContain('ExpectedErrors');
});

it('an event that is of no stream is an error', async () => {
  await expect(handler({ Records: [{ body: '{}' }] })).rejects.toThrow();
  expect(await handler({ Records: [] })).toEqual({ batchItemFailures: [] });
});
