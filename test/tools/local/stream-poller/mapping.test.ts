import { filterOf, matches } from '../../../../tools/local/stream-poller/event-filter';
import { readMapping } from '../../../../tools/local/stream-poller/mapping';

const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/accounts/stream/now';

it('a mapping without settings has the defaults of AWS', () => {
  expect(readMapping({ UUID: '1', EventSourceArn: streamArn })).toMatchObject({
    batchSize: 100,
    windowMilliseconds: 0,
    parallelization: 1,
    bisects: false,
    maximumRetries: Infinity,
    maximumAgeMilliseconds: Infinity,
    reportsItemFailures: false,
  });
});

it('settings of the deployed mapping are taken over', () => {
  const mapping = readMapping({
    UUID: '1',
    EventSourceArn: streamArn,
    BatchSize: 7,
    MaximumBatchingWindowInSeconds: 2,
    ParallelizationFactor: 3,
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 0,
    MaximumRecordAgeInSeconds: 60,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failures' } },
  });
  expect(mapping).toMatchObject({
    batchSize: 7,
    windowMilliseconds: 2_000,
    parallelization: 3,
    bisects: true,
    maximumRetries: 0,
    maximumAgeMilliseconds: 60_000,
    reportsItemFailures: true,
    destination: 'arn:aws:s3:::failures',
  });
});

it('-1 is no limit', () => {
  const none = { MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1 };
  expect(readMapping({ EventSourceArn: streamArn, ...none })).toMatchObject({ maximumRetries: Infinity });
});

it('a queue is no stream', () => {
  expect(readMapping({ EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:orders' })).toBeUndefined();
});

it('filters of a Kinesis stream are refused, since they drop what is not JSON', () => {
  const configuration = { EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/readings' };
  expect(() => readMapping({ ...configuration, FilterCriteria: { Filters: [{ Pattern: '{}' }] } })).toThrow('filters');
});

it.each([
  [{ eventName: ['INSERT', 'MODIFY'] }, { eventName: 'MODIFY' }, true],
  [{ eventName: ['INSERT'] }, { eventName: 'REMOVE' }, false],
  [{ dynamodb: { Keys: { id: { S: [{ prefix: 'a' }] } } } }, { dynamodb: { Keys: { id: { S: 'abc' } } } }, true],
  [{ dynamodb: { OldImage: [{ exists: false }] } }, { dynamodb: {} }, true],
  [{ a: ['1'], b: ['2'] }, { a: '1', b: '3' }, false],
])('the filter %j and the event %j: %s', (pattern, event, isMatch) => {
  expect(matches(filterOf(JSON.stringify(pattern)), event)).toBe(isMatch);
});

it('a comparison that the filter does not know is refused when the mapping is read', () => {
  expect(() => filterOf('{"a":[{"numeric":[">",1]}]}')).toThrow('do not know');
});
