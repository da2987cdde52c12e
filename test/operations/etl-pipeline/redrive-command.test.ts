import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { RedriveOptions } from '../../../operations/command-line/redrive-command';
import { startUnstarted } from '../../../operations/etl-pipeline/redrive-command';
import { FakeSQS } from '../../fakes/fake-sqs';

const options = { dryRun: false, maximum: undefined } as RedriveOptions;
let sqs: FakeSQS;
let started: string[];

beforeEach(async () => {
  sqs = new FakeSQS({ unstarted: {} });
  started = [];
  const client = new SQSClient(sqs.clientConfig);
  for (let event = 0; event < 13; event++) {
    await client.send(new SendMessageCommand({ QueueUrl: sqs.urlOf('unstarted'), MessageBody: `event ${event}` }));
  }
});

const run = (more: Partial<RedriveOptions> = {}, start?: () => void) =>
  startUnstarted(
    {
      sqs: new SQSClient(sqs.clientConfig),
      sfn: {
        send: ({ input }: { input: { input: string } }) => {
          start?.();
          started.push(input.input);
          return Promise.resolve({});
        },
      },
      queueUrl: sqs.urlOf('unstarted'),
      stateMachineArn: 'arn:machine',
    },
    { options: { ...options, ...more }, signal: new AbortController().signal },
  );

it('each event starts an execution and leaves the queue', async () => {
  expect(await run()).toBe(13);
  expect(started.toSorted()).toEqual(Array.from({ length: 13 }, (_, event) => `event ${event}`).toSorted());
  expect(await run()).toBe(0);
});

it('a dry run starts nothing, and leaves every event visible', async () => {
  expect(await run({ dryRun: true })).toBe(13);
  expect(started).toEqual([]);
  expect(await run()).toBe(13);
});

it('no more are started than asked for', async () => {
  expect(await run({ maximum: 4 })).toBe(4);
  expect(started).toHaveLength(4);
});

it('an event whose execution cannot be started stays', async () => {
  let starts = 0;
  const fail = (): void => {
    if (starts++ === 3) throw new Error('no permission');
  };
  await expect(run({}, fail)).rejects.toThrow('no permission');
  expect(sqs.operations.filter((name) => name === 'DeleteMessage')).toHaveLength(3);
});

it('a failed count of open files is deleted, and starts nothing', async () => {
  const client = new SQSClient(sqs.clientConfig);
  const MessageBody = JSON.stringify({ 'detail-type': 'Scheduled Event' });
  await client.send(new SendMessageCommand({ QueueUrl: sqs.urlOf('unstarted'), MessageBody }));
  expect(await run()).toBe(14);
  expect(started).toHaveLength(13);
});
