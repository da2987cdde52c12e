import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type MessageAttributeValue,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetter } from './redrive';

export interface RedriveQueues {
  readonly client: Pick<SQSClient, 'send'>;
  readonly deadLetterQueueUrl: string;
  readonly ordersQueueUrl: string;
}

export interface ReceivedDeadLetter extends DeadLetter {
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Record<string, MessageAttributeValue>;
}

/** Several times the duration of one call; messages that it leaves hidden become visible after this. */
const visibilityTimeoutSeconds = 120;

/** Long polling asks every server of the queue. */
const waitSeconds = 1;

/** Returns the approximate number of dead letters, hidden ones included. Needs `sqs:GetQueueAttributes`. */
export async function countDeadLetters({ client, deadLetterQueueUrl }: RedriveQueues): Promise<number> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: deadLetterQueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
}

/** Receives up to ten dead letters. Needs `sqs:ReceiveMessage`. */
export async function receiveDeadLetters(
  { client, deadLetterQueueUrl }: RedriveQueues,
  maximum: number,
): Promise<ReceivedDeadLetter[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: deadLetterQueueUrl,
      MaxNumberOfMessages: maximum,
      VisibilityTimeout: visibilityTimeoutSeconds,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['SentTimestamp', 'MessageGroupId'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages.map(toDeadLetter);
}

/** Sends a dead letter to the queue Orders. Needs `sqs:SendMessage` on it. */
export async function sendToOrders(
  { client, ordersQueueUrl }: RedriveQueues,
  { messageId, body, attributes, group }: ReceivedDeadLetter,
): Promise<void> {
  await client.send(
    new SendMessageCommand({
      QueueUrl: ordersQueueUrl,
      MessageBody: body,
      MessageAttributes: attributes,
      // A FIFO queue drops a message with the deduplication id that the message was first sent with, for five minutes. An id
      // derived from the message's own still recognizes a second attempt of this redrive.
      ...(group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: `redrive-${messageId}` }),
    }),
  );
}

/** Deletes a dead letter. Needs `sqs:DeleteMessage`. */
export async function deleteDeadLetter(
  { client, deadLetterQueueUrl }: RedriveQueues,
  { receiptHandle }: ReceivedDeadLetter,
): Promise<void> {
  try {
    await client.send(new DeleteMessageCommand({ QueueUrl: deadLetterQueueUrl, ReceiptHandle: receiptHandle }));
  } catch (error) {
    // A retry of a call whose answer was lost finds nothing to delete; a message that is still there is delivered twice,
    // which is harmless.
    if (!(error instanceof ReceiptHandleIsInvalid)) throw error;
  }
}

/** Makes a dead letter visible at once. Needs `sqs:ChangeMessageVisibility`. */
export async function showDeadLetter(
  { client, deadLetterQueueUrl }: RedriveQueues,
  { receiptHandle }: ReceivedDeadLetter,
): Promise<void> {
  const request = { QueueUrl: deadLetterQueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 };
  await client.send(new ChangeMessageVisibilityCommand(request));
}

function toDeadLetter({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes }: Message): ReceivedDeadLetter {
  const { SentTimestamp, MessageGroupId } = Attributes ?? {};
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    sentAt: Number(SentTimestamp),
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes ?? {}).map(([name, value]) => [name, toSendable(value)]),
    ),
    ...(MessageGroupId === undefined ? {} : { group: MessageGroupId }),
  };
}

/** Leaves out the lists, which SQS returns and refuses to accept. */
function toSendable({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttributeValue {
  return {
    DataType,
    ...(StringValue === undefined ? {} : { StringValue }),
    ...(BinaryValue === undefined ? {} : { BinaryValue }),
  };
}
