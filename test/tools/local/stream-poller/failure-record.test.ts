import { failureKey, failureRecord } from '../../../../tools/local/stream-poller/failure-record';
import { sendToDestination } from '../../../../tools/local/stream-poller/destination';
import { mappingWith, recordsOf } from './sample-records';

const context = { mapping: mappingWith(), shardId: 'shardId-000000000001', now: new Date('2026-11-27T09:30:15.123Z') };
const discarded = {
  records: recordsOf(2),
  condition: 'RetryAttemptsExhausted' as const,
  invocations: 4,
  functionError: 'Unhandled',
};

it('the record of a batch names its shard, its sequence numbers and the reason', () => {
  expect(failureRecord(discarded, context, false)).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 4 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-11-27T09:30:15.123Z',
    KinesisBatchInfo: {
      shardId: 'shardId-000000000001',
      startSequenceNumber: '1',
      endSequenceNumber: '2',
      approximateArrivalOfFirstRecord: '1970-01-01T00:00:01.000Z',
      batchSize: 2,
      streamArn: context.mapping.streamArn,
    },
  });
  expect(failureRecord(discarded, context, false)).not.toHaveProperty('payload');
});

it('records that were too old before any invocation have no response', () => {
  const tooOld = { ...discarded, condition: 'RecordAgeExceeded' as const, invocations: 0, functionError: undefined };
  expect(failureRecord(tooOld, context, false)).toMatchObject({ requestContext: { condition: 'RecordAgeExceeded' } });
  expect(failureRecord(tooOld, context, false)).not.toHaveProperty('responseContext');
});

it('a response that names failed items is no error of the function', () => {
  const record = failureRecord({ ...discarded, functionError: undefined }, context, false);
  expect(record).toHaveProperty('responseContext.functionError', null);
});

it('the batch of a change stream has a name of its own', () => {
  const mapping = mappingWith({ streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/accounts/stream/now' });
  expect(failureRecord(discarded, { ...context, mapping }, false)).toHaveProperty('DDBStreamBatchInfo.batchSize', 2);
});

it('an object is named by mapping, shard and time', () => {
  expect(failureKey(context)).toMatch(
    /^aws\/lambda\/mapping-1\/shardId-000000000001\/2026\/11\/27\/2026-11-27T09\.30\.15-[0-9a-f-]{36}$/,
  );
});

it('a bucket receives the whole event as escaped JSON, a queue only where it was', async () => {
  const sent: { input: { Bucket?: string; Body?: string; MessageBody?: string } }[] = [];
  const client = { send: (command: never) => Promise.resolve(sent.push(command)).then(() => ({ QueueUrl: 'url' })) };
  const clients = { s3: client, sqs: client } as never;
  for (const destination of ['arn:aws:s3:::failures', 'arn:aws:sqs:us-east-1:000000000000:failures']) {
    await sendToDestination(clients, discarded, { ...context, mapping: mappingWith({ destination }) });
  }
  const [object, , message] = sent.map(({ input }) => input);
  expect(object?.Bucket).toBe('failures');
  const { payload } = JSON.parse(object?.Body ?? '{}') as { payload: string };
  expect(JSON.parse(payload)).toEqual({ Records: [{ data: '1' }, { data: '2' }] });
  expect(JSON.parse(message?.MessageBody ?? '{}')).not.toHaveProperty('payload');
});

it('without a destination, discarded records are lost', async () => {
  const client = { send: () => Promise.reject(new Error('called')) };
  await expect(sendToDestination({ s3: client, sqs: client }, discarded, context)).resolves.toBeUndefined();
});
