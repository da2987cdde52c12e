import { SQSClient } from '@aws-sdk/client-sqs';
import { redriveRequests, type Redrive } from '../../../operations/document-renderer/redrive-requests';
import { FakeSQS } from '../../fakes/fake-sqs';

let now: number;
let sqs: FakeSQS;

beforeEach(() => {
  now = 1_000_000;
  sqs = new FakeSQS({ failures: {}, renders: {} }, () => now);
  put('one', 'data-missing');
  put('two', 'malformed');
  put('three');
});

function put(MessageBody: string, reason?: string): void {
  const MessageAttributes = reason === undefined ? {} : { reason: { DataType: 'String', StringValue: reason } };
  sqs.queue('failures').send({ MessageBody, MessageAttributes });
}

/** Messages of a queue that can be received now. */
const visible = (queue: string): string[] =>
  sqs
    .queue(queue)
    .messages.filter(({ visibleAt }) => visibleAt <= now)
    .map(({ body }) => body);

function redrive(settings: Partial<Redrive> = {}) {
  return redriveRequests({
    sqs: new SQSClient(sqs.clientConfig),
    failuresQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/000000000000/failures',
    rendersQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/000000000000/renders',
    dryRun: false,
    maximum: Infinity,
    perSecond: 20,
    matches: () => true,
    signal: new AbortController().signal,
    sleep: () => Promise.resolve(),
    now: () => now,
    ...settings,
  });
}

it('sends all failed requests as they are, and counts their reasons', async () => {
  expect(await redrive()).toEqual({
    sent: 3,
    left: 0,
    reasons: { 'data-missing': 1, malformed: 1, 'failed-too-often': 1 },
  });
  expect(visible('renders').sort()).toEqual(['one', 'three', 'two']);
  expect(visible('failures')).toEqual([]);
});

it('a dry run sends nothing and leaves all visible', async () => {
  expect(await redrive({ dryRun: true })).toMatchObject({ sent: 3, left: 0 });
  expect([visible('renders'), visible('failures')]).toEqual([[], ['one', 'two', 'three']]);
});

it('sends those that match, and leaves the others visible', async () => {
  expect(await redrive({ matches: ({ reason }) => reason === 'data-missing' })).toMatchObject({ sent: 1, left: 2 });
  expect(visible('renders')).toEqual(['one']);
  expect(visible('failures')).toEqual(['two', 'three']);
});

it('sends at most so many', async () => {
  expect(await redrive({ maximum: 2 })).toMatchObject({ sent: 2 });
  expect(visible('renders')).toHaveLength(2);
});

it('leaves those that failed after the start', async () => {
  sqs.queue('failures').messages.length = 0;
  now += 5_000;
  put('failed again');
  expect(await redrive({ now: () => now - 1_000 })).toMatchObject({ sent: 0, left: 1 });
});

it('deletes nothing that Renders did not accept, and says so', async () => {
  const result = await redrive({ rendersQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/000000000000/unknown' });
  expect(result).toMatchObject({ sent: 0 });
  expect(result.error).toBeInstanceOf(Error);
  expect(sqs.queue('failures').messages).toHaveLength(3);
});
