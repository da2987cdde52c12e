import * as z from 'zod/mini';

/** One message as the function needs it. */
export interface OrderMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often the message has been received, this time included. */
  readonly receiveCount: number;
  /** The customer whose orders are kept in order; absent with a standard queue. */
  readonly group?: string;
}

/** Thrown for an event that is no batch of a queue: only a mapping of the stack's queue is meant to invoke the function. */
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

/** @throws UnusableEvent for anything that is no batch of SQS messages */
export function messagesOf(event: unknown): OrderMessage[] {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.') || 'the event itself').join(', ');
    throw new UnusableEvent(`not a batch of SQS messages (wrong at ${where}): invoke this function by its queue only`);
  }
  return parsed.data.Records.map(({ eventSourceARN, messageId, receiptHandle, body, attributes }) => {
    const { ApproximateReceiveCount, MessageGroupId } = attributes;
    // Standard queues know message groups too, for fairness between tenants; only FIFO queues order by them.
    const ordered = eventSourceARN.endsWith('.fifo') && MessageGroupId !== undefined;
    const message = { messageId, receiptHandle, body, receiveCount: Number(ApproximateReceiveCount) };
    return ordered ? { ...message, group: MessageGroupId } : message;
  });
}
