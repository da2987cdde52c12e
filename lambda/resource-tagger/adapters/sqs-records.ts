import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

const eventSchema = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      receiptHandle: z.string(),
      body: z.string(),
      eventSourceARN: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.string().check(z.regex(/^\d+$/)) }),
    }),
  ),
});

/** Message of a queue that the function consumes. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly eventSourceARN: string;
  /** Number of times that it was received, this time included. */
  readonly receiveCount: number;
}

/** Parses the event of an event source mapping. */
export function parseRecords(event: unknown): QueueRecord[] {
  return eventSchema.parse(event).Records.map(({ attributes, ...record }) => ({
    ...record,
    receiveCount: Number(attributes.ApproximateReceiveCount),
  }));
}

/** Hides a received message for so many seconds from now. Needs `sqs:ChangeMessageVisibility`. */
export async function hide(
  client: Pick<SQSClient, 'send'>,
  QueueUrl: string,
  { receiptHandle }: QueueRecord,
  seconds: number,
): Promise<void> {
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }),
  );
}

/** Sends a message that is delivered after so many seconds, 900 at most. Needs `sqs:SendMessage`. */
export async function sendLater(
  client: Pick<SQSClient, 'send'>,
  QueueUrl: string,
  MessageBody: string,
  DelaySeconds: number,
  abortSignal: AbortSignal,
): Promise<void> {
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }), { abortSignal });
}

/** Longest delay before another attempt, in seconds. */
const longestDelay = 900;

/** Returns a delay that doubles with each receive, with jitter: between half of it and all of it. */
export function delaySeconds(receiveCount: number, baseSeconds: number, random: number): number {
  const ceiling = Math.min(longestDelay, baseSeconds * 2 ** Math.max(0, receiveCount - 1));
  return Math.max(1, Math.ceil(ceiling * (0.5 + random / 2)));
}
