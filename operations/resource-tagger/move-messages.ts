import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

export interface Move {
  readonly sqs: Pick<SQSClient, 'send'>;
  /** URL of the dead-letter queue. */
  readonly from: string;
  readonly to: string;
  readonly maximum: number;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/**
 * Sends dead letters back to their queue and deletes them then; returns their number. One that is sent twice takes effect once.
 *
 * `StartMessageMoveTask` takes only messages that SQS has moved, and EventBridge puts events into the same dead-letter queue.
 */
export async function moveMessages({ sqs, from, to, maximum, dryRun, signal }: Move): Promise<number> {
  const seen = new Set<string>();
  const shown: string[] = [];
  try {
    while (seen.size < maximum && !signal.aborted) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: from,
          MaxNumberOfMessages: Math.min(10, maximum - seen.size),
          VisibilityTimeout: 120,
          // Long polling asks all servers of the queue, so that no message means none.
          WaitTimeSeconds: 2,
        }),
      );
      const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
      if (fresh.length === 0) break;
      for (const { MessageId = '', Body = '', ReceiptHandle = '' } of fresh) {
        seen.add(MessageId);
        if (dryRun) {
          shown.push(ReceiptHandle);
          continue;
        }
        await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: Body }));
        await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
      }
    }
    return seen.size;
  } finally {
    await Promise.allSettled(
      shown.map((ReceiptHandle) =>
        sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: from, ReceiptHandle, VisibilityTimeout: 0 })),
      ),
    );
  }
}
