import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { RenderRefusedError } from '../render-errors';

export interface RequestQueues {
  readonly client: Pick<SQSClient, 'send'>;
  readonly rendersQueueUrl: string;
  readonly failuresQueueUrl: string;
}

/** Most bytes of a message with its attributes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const maximumMessageBytes = 1_048_576;
/** Most bytes of both attributes, with their names and types: a detail has 500 characters of up to four bytes. */
const attributeBytes = 2_100;

/**
 * Puts a request that can never be rendered into the failures queue, as it came and with its reason: without, if a request of 1 MiB
 * leaves no room for it.
 */
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
  const attributes = { reason: text(refused.reason), detail: text(refused.detail.slice(0, 500)) };
  const isRoom = Buffer.byteLength(body) + attributeBytes <= maximumMessageBytes;
  await queues.client.send(
    new SendMessageCommand({
      QueueUrl: queues.failuresQueueUrl,
      MessageBody: body,
      ...(isRoom ? { MessageAttributes: attributes } : {}),
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
