import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { randomUUID } from 'node:crypto';
import https from 'node:https';
import { performance } from 'node:perf_hooks';
import pMap from 'p-map';
import { redriveDeadLetters } from '../../../operations/queue-processor/redrive-dead-letters';
import { queueNames, type Redriver, type RedriveSample } from './redrive-sample';

const sqs = new SQSClient({});
let calls = 0;

/** Counts the calls of all SDK clients, which use https.request. */
function countCalls(): void {
  const original = https.request.bind(https) as (...values: unknown[]) => ReturnType<typeof https.request>;
  https.request = (...values: unknown[]) => {
    calls += 1;
    return original(...values);
  };
}

async function createQueue(QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return QueueUrl;
}

async function fill(QueueUrl: string, count: number): Promise<void> {
  const batches = Array.from({ length: Math.ceil(count / 10) }, (_, batch) => Math.min(10, count - batch * 10));
  const send = async (size: number): Promise<void> => {
    const Entries = Array.from({ length: size }, (_, index) => ({ Id: String(index), MessageBody: randomUUID() }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  };
  await pMap(batches, send, { concurrency: 8 });
}

type Redrive = (deadLetters: number) => Promise<number>;

/** The function in this process, behind the command's own loop over its invocations. */
async function ours(): Promise<Redrive> {
  const { handler } = await import('../../../lambda/queue-processor/redrive-dead-letters.js');
  const invoke = async ({ input }: InvokeCommand) => {
    const end = Date.now() + 60_000;
    const context = { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => end - Date.now() } as Context;
    const response = await handler(JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()), context);
    return { Payload: Buffer.from(JSON.stringify(response)) };
  };
  const lambda = { send: invoke } as unknown as LambdaClient;
  return async () => {
    const result = await redriveDeadLetters({ lambda, functionName: 'f', request: { perSecond: 1_000 } });
    if (result.error !== undefined) throw result.error;
    return result.sent;
  };
}

/** A loop as it is written first: a call to send each message, and one to delete it, ten messages at once. */
function oneCallEach(dead: string, orders: string): Redrive {
  return async () => {
    let sent = 0;
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: dead, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
      );
      if (Messages.length === 0) return sent;
      await Promise.all(
        Messages.map(async ({ Body, MessageAttributes, ReceiptHandle }) => {
          await sqs.send(new SendMessageCommand({ QueueUrl: orders, MessageBody: Body, MessageAttributes }));
          await sqs.send(new DeleteMessageCommand({ QueueUrl: dead, ReceiptHandle }));
        }),
      );
      sent += Messages.length;
    }
  };
}

/** The table of reasons is there from the other measurement, and empty of these messages. */
async function main(counts: readonly number[]): Promise<void> {
  countCalls();
  const [dead, orders] = [await createQueue(queueNames.dead), await createQueue(queueNames.orders)];
  Object.assign(process.env, { DEAD_LETTER_QUEUE_URL: dead, ORDERS_QUEUE_URL: orders });
  const redrives: Readonly<Record<Redriver, Redrive>> = {
    'one call each': oneCallEach(dead, orders),
    ours: await ours(),
  };
  for (const [index, deadLetters] of counts.entries()) {
    const contestants: readonly Redriver[] = index === 0 ? ['one call each', 'ours'] : ['ours'];
    for (const who of contestants) {
      await fill(dead, deadLetters);
      calls = 0;
      const start = performance.now();
      const sent = await redrives[who](deadLetters);
      if (sent !== deadLetters) throw new Error(`${who}: expected ${deadLetters} messages sent, got ${sent}`);
      const seconds = (performance.now() - start) / 1_000;
      const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1_024);
      process.send?.({ who, deadLetters, seconds, calls, peakMegabytes } satisfies RedriveSample);
      await sqs.send(new PurgeQueueCommand({ QueueUrl: orders }));
    }
  }
}

main(process.argv.slice(2).map(Number)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
