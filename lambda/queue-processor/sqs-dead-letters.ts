import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type Message,
  type MessageAttributeValue,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { isFifo } from './queue-type';
import type { SendResult } from './redrive';
import type { DeadLetter, Receipt } from './redrive-progress';
import { batchEntries, batchesOf, chunks, namedError, withRetries, type BatchFailures } from './sqs-batches';

export interface RedriveQueues {
  readonly client: Pick<SQSClient, 'send'>;
  readonly deadLetterQueueUrl: string;
  readonly ordersQueueUrl: string;
  /** Waits before attempt number `next` of a batch, counted from 2. */
  readonly pause: (next: number) => Promise<void>;
}

export interface ReceivedDeadLetter extends DeadLetter {
  readonly body: string;
  readonly attributes: Record<string, MessageAttributeValue>;
  /** Message group, of a FIFO queue or a fair one. */
  readonly group?: string;
}

/** Longer than the calls of a redrive together; messages that it leaves hidden become visible after this. */
const visibilityTimeoutSeconds = 300;

/** Long polling asks every server of the queue. */
const waitSeconds = 1;

const showConcurrency = 8;

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
      // SQS returns only the attributes that are asked for: without this a redriven message would lose them.
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages.map(toDeadLetter);
}

/**
 * Sends dead letters to the queue Orders. On a FIFO queue the messages of a group go one after the other, and those behind one
 * that was not accepted are not sent. Needs `sqs:SendMessage` on it.
 */
export async function sendToOrders(
  queues: RedriveQueues,
  deadLetters: readonly ReceivedDeadLetter[],
): Promise<SendResult<ReceivedDeadLetter>> {
  const accepted: ReceivedDeadLetter[] = [];
  const refused: string[] = [];
  const blockedGroups = new Set<string | undefined>();
  let error: Error | undefined;
  for (const round of isFifo(queues.ordersQueueUrl) ? roundsOf(deadLetters) : [deadLetters]) {
    for (const batch of batchesOf(round.filter(({ group }) => !blockedGroups.has(group)))) {
      if (error !== undefined) break;
      const failed = await sendBatch(queues, batch);
      accepted.push(...batch.filter(({ messageId }) => !failed.has(messageId)));
      for (const { group, messageId } of batch) if (failed.has(messageId)) blockedGroups.add(group);
      for (const { SenderFault, Code = 'unknown', Message } of failed.values()) {
        if (SenderFault === true) refused.push(Code);
        else error = namedError(Code, Message);
      }
    }
  }
  return { accepted, refused, ...(error === undefined ? {} : { error }) };
}

/** Deletes dead letters; one that is gone already counts as deleted. Needs `sqs:DeleteMessage`. */
export async function deleteDeadLetters(
  { client, deadLetterQueueUrl, pause }: RedriveQueues,
  receipts: readonly Receipt[],
): Promise<void> {
  for (const batch of chunks(receipts, batchEntries)) {
    const failed = await withRetries(batch, pause, async (entries) => {
      const Entries = entries.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      const { Failed } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: deadLetterQueueUrl, Entries }));
      // A retry of a call whose answer was lost finds nothing to delete.
      return Failed?.filter(({ Code }) => Code !== 'ReceiptHandleIsInvalid');
    });
    for (const { Code = 'unknown', Message } of failed.values()) throw namedError(Code, Message);
  }
}

/** Makes dead letters visible at once; those for which it fails become visible later. Needs `sqs:ChangeMessageVisibility`. */
export async function showDeadLetters(
  { client, deadLetterQueueUrl }: RedriveQueues,
  receipts: readonly Receipt[],
): Promise<void> {
  const show = async (batch: readonly Receipt[]): Promise<void> => {
    const Entries = batch.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: 0,
    }));
    await client
      .send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: deadLetterQueueUrl, Entries }))
      .catch(() => undefined);
  };
  await pMap(chunks(receipts, batchEntries), show, { concurrency: showConcurrency });
}

function sendBatch(
  { client, ordersQueueUrl, pause }: RedriveQueues,
  batch: readonly ReceivedDeadLetter[],
): Promise<BatchFailures> {
  return withRetries(batch, pause, async (entries) => {
    const Entries = entries.map(({ messageId, body, attributes, group }, index) => ({
      Id: String(index),
      MessageBody: body,
      MessageAttributes: attributes,
      ...(group === undefined ? {} : { MessageGroupId: group }),
      // A FIFO queue drops a message with the deduplication id that the message was first sent with, for five minutes. An id
      // derived from the message's own still recognizes a second attempt of this redrive. Standard queues refuse one.
      ...(isFifo(ordersQueueUrl) ? { MessageDeduplicationId: `redrive-${messageId}` } : {}),
    }));
    const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl: ordersQueueUrl, Entries }));
    return Failed;
  });
}

/** Splits messages so that each round has one of each group, in the order of the groups' messages. */
function roundsOf(deadLetters: readonly ReceivedDeadLetter[]): ReceivedDeadLetter[][] {
  const rounds: ReceivedDeadLetter[][] = [];
  const positions = new Map<string | undefined, number>();
  for (const deadLetter of deadLetters) {
    const position = positions.get(deadLetter.group) ?? 0;
    positions.set(deadLetter.group, position + 1);
    (rounds[position] ??= []).push(deadLetter);
  }
  return rounds;
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
