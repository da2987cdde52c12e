import type { HttpResponse } from '../../../lambda/stream-processor/record-reading';
import { captureOutput } from '../../fakes/captured-output';
import { lambdaContext, loadHandler, type LoadedHandler } from '../../fakes/load-handler';
import { FakeEntries } from './fake-entries';
import { aReading } from './readings';

interface Entry {
  readonly PartitionKey: string;
  readonly Data: string;
}

let kinesis: FakeEntries<Entry>;
let handler: LoadedHandler<unknown>;

beforeEach(async () => {
  kinesis = new FakeEntries('KINESIS');
  captureOutput();
  handler = loadHandler('stream-processor/record-reading', {
    ...(await kinesis.listen()),
    READINGS_STREAM_NAME: 'Readings',
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await kinesis.close();
});

const idOf = ({ Data }: Entry) =>
  (JSON.parse(Buffer.from(Data, 'base64').toString()) as { readingId: string }).readingId;
const httpOf = (body: string, isBase64Encoded = false) => ({
  requestContext: { http: { method: 'POST' } },
  body,
  isBase64Encoded,
});
const messageOf = (messageId: string, body: string) => ({ eventSource: 'aws:sqs', messageId, body });
const respond = async (event: unknown, milliseconds?: number) =>
  (await handler(event, lambdaContext(milliseconds))) as HttpResponse;

it('a caller by HTTP receives 202 once all readings are in the stream, with the device as partition key', async () => {
  const body = JSON.stringify({ readings: [aReading(), aReading({ deviceId: 'd-2', readingId: 'r-2' })] });
  expect(await respond(httpOf(Buffer.from(body).toString('base64'), true))).toMatchObject({
    statusCode: 202,
    body: '{"recorded":2}',
  });
  expect(kinesis.taken.map(({ PartitionKey }) => PartitionKey)).toEqual(['d-1', 'd-2']);
});

it.each([
  ['no JSON', 'reading: use JSON'],
  [JSON.stringify({ ...aReading(), value: 'secret' }), 'value'],
])('a caller by HTTP receives 400 for %s, with the place and without the value', async (body, message) => {
  const answer = await respond(httpOf(body));
  expect(answer.statusCode).toBe(400);
  expect(answer.body).toContain(message);
  expect(answer.body).not.toContain('secret');
  expect(kinesis.calls).toEqual([]);
});

it('a caller by HTTP receives 503 and Retry-After where Kinesis refuses readings until the time is up', async () => {
  kinesis.refuse = () => 'ProvisionedThroughputExceededException';
  const answer = await respond(httpOf(JSON.stringify(aReading())), 2_500);
  expect([answer.statusCode, answer.headers['Retry-After']]).toEqual([503, '1']);
});

it('only the entries that Kinesis refused are sent again', async () => {
  let times = 0;
  kinesis.refuse = (entry) => (idOf(entry) === 'r-2' && times++ === 0 ? 'InternalFailure' : undefined);
  await handler({ readings: [aReading(), aReading({ readingId: 'r-2' })] });
  expect(kinesis.calls.map((entries) => entries.map(idOf))).toEqual([['r-1', 'r-2'], ['r-2']]);
});

it('a queue receives the ids of the messages that failed, and those alone', async () => {
  kinesis.refuse = (entry) => (idOf(entry) === 'r-2' ? 'InternalFailure' : undefined);
  const bodies = ['r-1', 'r-2', 'r-3'].map((readingId) => JSON.stringify(aReading({ readingId })));
  const Records = [...bodies, 'no JSON'].map((body, index) => messageOf(`m-${index + 1}`, body));
  expect(await handler({ Records }, lambdaContext(2_500))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm-2' }, { itemIdentifier: 'm-4' }],
  });
  expect(kinesis.taken.map(idOf).sort()).toEqual(['r-1', 'r-3']);
});

it('any other invocation fails with the error, so that Lambda repeats an asynchronous one', async () => {
  await expect(handler({ deviceId: 'd-1' })).rejects.toThrow('readingId');
  expect(await handler(aReading())).toEqual({ recorded: 1 });
});
