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
import type { DeadLetter, DeadLetters } from './redrive';

export interface DeadLetterQueues {
  readonly client: Pick<SQSClient, 'send'>;
  readonly deadLetterQueueUrl: string;
  readonly ordersQueueUrl: string;
}

export interface SqsLetter extends DeadLetter {
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Record<string, MessageAttributeValue>;
}

/** Longer than one call works, several times; letters that it leaves hidden come back after this. */
const hiddenSeconds = 120;

/** A receive that waits asks every server of the queue. */
const waitSeconds = 1;

/**
 * The dead-letter queue. Needs `sqs:ReceiveMessage`, `sqs:DeleteMessage`, `sqs:ChangeMessageVisibility` and
 * `sqs:GetQueueAttributes` on it, and `sqs:SendMessage` on the queue of orders.
 */
export function sqsDeadLetters({
  client,
  deadLetterQueueUrl: QueueUrl,
  ordersQueueUrl,
}: DeadLetterQueues): Omit<DeadLetters<SqsLetter>, 'reasonOf'> {
  return {
    async count() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
    },
    async receive(most) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: most,
          VisibilityTimeout: hiddenSeconds,
          WaitTimeSeconds: waitSeconds,
          MessageSystemAttributeNames: ['SentTimestamp', 'MessageGroupId'],
          MessageAttributeNames: ['All'],
        }),
      );
      return Messages.map(letterOf);
    },
    async sendBack({ messageId, body, attributes, group }) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: ordersQueueUrl,
          MessageBody: body,
          MessageAttributes: attributes,
          // A FIFO queue would drop the id that the message was first sent with, if that was less than five minutes ago.
          // An id made from the message's own tells a second try of this very redrive all the same.
          ...(group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: `redrive-${messageId}` }),
        }),
      );
    },
    async remove({ receiptHandle }) {
      try {
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle }));
      } catch (error) {
        // A second try of a call whose answer was lost finds nothing to delete; a letter that is there still is delivered
        // twice, which is harmless.
        if (!(error instanceof ReceiptHandleIsInvalid)) throw error;
      }
    },
    async show({ receiptHandle }) {
      await client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }),
      );
    },
  };
}

function letterOf({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes }: Message): SqsLetter {
  const { SentTimestamp, MessageGroupId } = Attributes ?? {};
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    sentAt: Number(SentTimestamp),
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes ?? {}).map(([name, value]) => [name, sendable(value)]),
    ),
    ...(MessageGroupId === undefined ? {} : { group: MessageGroupId }),
  };
}

/** SQS gives lists back that it refuses to take. */
function sendable({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttributeValue {
  return {
    DataType,
    ...(StringValue === undefined ? {} : { StringValue }),
    ...(BinaryValue === undefined ? {} : { BinaryValue }),
  };
}
