import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { RenderRefusedError } from '../render-errors';

export interface RequestQueues {
  readonly client: Pick<SQSClient, 'send'>;
  readonly rendersQueueUrl: string;
  readonly failuresQueueUrl: string;
}

/** Puts a request that can never be rendered into the failures queue, as it came and with its reason. */
export async function setAside(
  queues: Pick<RequestQueues, 'client' | 'failuresQueueUrl'>,
  body: string,
  refused: RenderRefusedError,
): Promise<void> {
  // Names of fields of a malformed request may hold what SQS refuses, which would refuse the message:
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
  const text = (value: string) => ({
    DataType: 'String',
    StringValue: value.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, '?'),
  });
  await queues.client.send(
    new SendMessageCommand({
      QueueUrl: queues.failuresQueueUrl,
      MessageBody: body,
      MessageAttributes: { reason: text(refused.reason), detail: text(refused.detail.slice(0, 500)) },
    }),
  );
}

/** Lets a failed message be received again sooner than after the visibility timeout, which is made for functions that died. */
export async function hideFor(queues: RequestQueues, receiptHandle: string, seconds: number): Promise<void> {
  await queues.client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queues.rendersQueueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
}
