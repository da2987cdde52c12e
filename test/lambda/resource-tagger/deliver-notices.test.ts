import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbDeliveries } from '../../../lambda/resource-tagger/adapters/dynamodb-deliveries';
import { deliverNotices, type PostResult } from '../../../lambda/resource-tagger/deliver-notices';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { aNotice } from './notices';

const leaseSeconds = 30;
let time: number;
let posted: string[][];
let answers: PostResult[];
let dynamodb: FakeDynamoDB;
let client: DynamoDBClient;

beforeEach(() => {
  time = Date.parse('2026-11-02T10:00:00Z');
  posted = [];
  answers = [];
  dynamodb = new FakeDynamoDB({ Deliveries: { partitionKey: 'id' } });
  client = new DynamoDBClient(dynamodb.clientConfig);
});

const recordOf = (id: string, body = JSON.stringify(aNotice(id))) => ({
  messageId: `message-${id}`,
  receiptHandle: id,
  body,
  eventSourceARN: '',
  receiveCount: 1,
});
const storeOf = (channel = 'slack') =>
  dynamodbDeliveries(
    { client, TableName: 'Deliveries', leaseSeconds, now: () => time },
    channel,
    new AbortController().signal,
  );
const deliver = (ids: readonly string[], channel = 'slack') =>
  deliverNotices(
    ids.map((id) => recordOf(id)),
    {
      store: storeOf(channel),
      post: (notices) => {
        posted.push(notices.map(({ id }) => id));
        return Promise.resolve(answers.shift() ?? { confirmed: true });
      },
      now: () => time,
      delay: () => 7,
    },
  );
const outcome = (undelivered: Awaited<ReturnType<typeof deliver>>) =>
  undelivered.map(({ record, seconds, reason }) => [record.messageId, seconds, reason]);

it('a batch is one digest, with each notice once, and what was confirmed is not sent again', async () => {
  expect(await deliver(['1', '2', '1'])).toEqual([]);
  expect(await deliver(['2', '3'])).toEqual([]);
  expect(posted).toEqual([['1', '2'], ['3']]);
});

it('each channel has its own deliveries', async () => {
  await deliver(['1']);
  await deliver(['1'], 'teams');
  expect(posted).toEqual([['1'], ['1']]);
});

it('what the receiver did not confirm comes back, and is sent again', async () => {
  answers = [{ confirmed: false, reason: 'status 500' }];
  expect(outcome(await deliver(['1', '2']))).toEqual([
    ['message-1', 7, 'status 500'],
    ['message-2', 7, 'status 500'],
  ]);
  expect(await deliver(['1', '2'])).toEqual([]);
  expect(posted).toEqual([
    ['1', '2'],
    ['1', '2'],
  ]);
});

it('while a receiver wants no requests (Retry-After), none is made, for other notices neither', async () => {
  answers = [{ confirmed: false, reason: 'status 429', retryAfterSeconds: 60 }];
  expect(outcome(await deliver(['1']))).toEqual([['message-1', 60, 'status 429']]);
  time += 20_000;
  expect(outcome(await deliver(['2']))).toEqual([['message-2', 40, 'paused']]);
  expect(posted).toEqual([['1']]);
  time += 40_000;
  expect(await deliver(['1', '2'])).toEqual([]);
  expect(posted).toEqual([['1'], ['1', '2']]);
});

it('a pause is three hours at most, so that no notice is lost in its queue', async () => {
  answers = [{ confirmed: false, reason: 'status 429', retryAfterSeconds: 1e9 }];
  expect(outcome(await deliver(['1']))).toEqual([['message-1', 10_800, 'status 429']]);
  time += 10_799_000;
  expect(outcome(await deliver(['1']))).toEqual([['message-1', 7, 'paused']]);
  time += 1_000;
  expect(await deliver(['1'])).toEqual([]);
});

it('a notice that another invocation is sending waits; after a killed one it is sent when its lease has ended', async () => {
  await storeOf().claim('1');
  expect(outcome(await deliver(['1']))).toEqual([['message-1', 7, 'busy']]);
  expect(posted).toEqual([]);
  time += (leaseSeconds + 1) * 1_000;
  expect(await deliver(['1'])).toEqual([]);
  expect(posted).toEqual([['1']]);
});

it('a message that is no notice keeps no other from its receiver', async () => {
  const dependencies = {
    store: storeOf(),
    post: () => Promise.resolve({ confirmed: true } as const),
    now: () => time,
    delay: () => 7,
  };
  const records = [recordOf('x', 'not JSON'), recordOf('y', '{}'), recordOf('1')];
  expect(outcome(await deliverNotices(records, dependencies))).toEqual([
    ['message-x', 1, 'malformed'],
    ['message-y', 1, 'malformed'],
  ]);
});
