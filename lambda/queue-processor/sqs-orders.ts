import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { invalidPaths } from '../shared/input-issues';
import { isFifo } from './queue-type';

/** One message of the queue Orders. */
export interface OrderMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Number of times that the message was received, this time included. */
  readonly receiveCount: number;
  /** Message group of a FIFO queue, the customer; absent with a standard queue. */
  readonly group?: string;
}

/** The event is not a batch of SQS messages: only the event source mapping of Orders is meant to invoke the function. */
export class UnusableEvent extends Error {
  override readonly name = 'UnusableEvent';
}

const eventSchema = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal('aws:sqs'),
      eventSourceARN: z.string(),
      messageId: z.string(),
      receiptHandle: z.string(),
      body: z.string(),
      attributes: z.object({
        ApproximateReceiveCount: z.string().check(z.regex(/^\d+$/)),
        MessageGroupId: z.optional(z.string()),
      }),
    }),
  ),
});

/**
 * Parses the event of an event source mapping.
 *
 * @throws UnusableEvent for anything that is not a batch of SQS messages
 */
export function parseSqsEvent(event: unknown): OrderMessage[] {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    const where = invalidPaths(parsed.error, 'the event itself').join(', ');
    throw new UnusableEvent(`not a batch of SQS messages (wrong at ${where}): invoke this function by its queue only`);
  }
  return parsed.data.Records.map(({ eventSourceARN, messageId, receiptHandle, body, attributes }) => {
    const { ApproximateReceiveCount, MessageGroupId } = attributes;
    const ordered = isFifo(eventSourceARN) && MessageGroupId !== undefined;
    const message = { messageId, receiptHandle, body, receiveCount: Number(ApproximateReceiveCount) };
    return ordered ? { ...message, group: MessageGroupId } : message;
  });
}

export interface OrdersQueue {
  readonly client: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  readonly signal: AbortSignal;
}

/** Hides a received message for so many seconds from now; 0 shows it at once. Needs `sqs:ChangeMessageVisibility`. */
export async function changeVisibility(
  { client, queueUrl, signal }: OrdersQueue,
  receiptHandle: string,
  seconds: number,
): Promise<void> {
  const request = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds };
  await client.send(new ChangeMessageVisibilityCommand(request), { abortSignal: signal });
}
