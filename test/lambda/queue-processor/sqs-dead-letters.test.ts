import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import {
  countDeadLetters,
  deleteDeadLetter,
  receiveDeadLetters,
  sendToOrders,
  showDeadLetter,
  type ReceivedDeadLetter,
} from '../../../lambda/queue-processor/sqs-dead-letters';

function queuesThatAnswer(answer: (command: unknown) => unknown) {
  const sent: unknown[] = [];
  const client = {
    send: async (command: unknown) => {
      sent.push(command);
      return answer(command);
    },
  } as unknown as SQSClient;
  return { sent, queues: { client, deadLetterQueueUrl: 'dead', ordersQueueUrl: 'orders' } };
}

const deadLetter: ReceivedDeadLetter = { messageId: 'm-1', receiptHandle: 'h-1', body: 'b', sentAt: 1, attributes: {} };
const inputOf = (command: unknown) => (command as { input: unknown }).input;

it('counts hidden messages too', async () => {
  const { queues, sent } = queuesThatAnswer(() => ({
    Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '4' },
  }));
  expect(await countDeadLetters(queues)).toBe(7);
  expect(sent[0]).toBeInstanceOf(GetQueueAttributesCommand);
});

it('receives a dead letter with everything needed to send it again', async () => {
  const { queues, sent } = queuesThatAnswer(() => ({
    Messages: [
      {
        MessageId: 'm-1',
        ReceiptHandle: 'h-1',
        Body: 'b',
        Attributes: { SentTimestamp: '1795248000000', MessageGroupId: 'c-7' },
        MessageAttributes: { source: { DataType: 'String', StringValue: 'shop', StringListValues: [] } },
      },
    ],
  }));
  expect(await receiveDeadLetters(queues, 7)).toEqual([
    {
      messageId: 'm-1',
      receiptHandle: 'h-1',
      body: 'b',
      sentAt: 1_795_248_000_000,
      group: 'c-7',
      attributes: { source: { DataType: 'String', StringValue: 'shop' } },
    },
  ]);
  expect(sent[0]).toBeInstanceOf(ReceiveMessageCommand);
  expect(inputOf(sent[0])).toMatchObject({ QueueUrl: 'dead', MaxNumberOfMessages: 7, VisibilityTimeout: 120 });
});

it('receives nothing from an empty queue', async () => {
  const { queues } = queuesThatAnswer(() => ({}));
  expect(await receiveDeadLetters(queues, 10)).toEqual([]);
});

it('sends a dead letter back unchanged', async () => {
  const { queues, sent } = queuesThatAnswer(() => ({}));
  const attributes = { source: { DataType: 'String', StringValue: 'shop' } };
  await sendToOrders(queues, { ...deadLetter, attributes });
  expect(sent[0]).toBeInstanceOf(SendMessageCommand);
  expect(inputOf(sent[0])).toEqual({ QueueUrl: 'orders', MessageBody: 'b', MessageAttributes: attributes });
});

it('sends a FIFO dead letter back to its group with a new deduplication id', async () => {
  const { queues, sent } = queuesThatAnswer(() => ({}));
  await sendToOrders(queues, { ...deadLetter, group: 'c-7' });
  expect(inputOf(sent[0])).toMatchObject({ MessageGroupId: 'c-7', MessageDeduplicationId: 'redrive-m-1' });
});

it('deletes or shows a dead letter in the dead-letter queue', async () => {
  const { queues, sent } = queuesThatAnswer(() => ({}));
  await deleteDeadLetter(queues, deadLetter);
  await showDeadLetter(queues, deadLetter);
  expect(sent.map((command) => (command as object).constructor)).toEqual([
    DeleteMessageCommand,
    ChangeMessageVisibilityCommand,
  ]);
  expect(sent.map(inputOf)).toEqual([
    { QueueUrl: 'dead', ReceiptHandle: 'h-1' },
    { QueueUrl: 'dead', ReceiptHandle: 'h-1', VisibilityTimeout: 0 },
  ]);
});

it('deleting a dead letter that is already gone succeeds', async () => {
  const { queues } = queuesThatAnswer(() => {
    throw new ReceiptHandleIsInvalid({ message: 'no such handle', $metadata: {} });
  });
  await expect(deleteDeadLetter(queues, deadLetter)).resolves.toBeUndefined();
});

it('any other error of a deletion is thrown', async () => {
  const { queues } = queuesThatAnswer(() => {
    throw new Error('refused');
  });
  await expect(deleteDeadLetter(queues, deadLetter)).rejects.toThrow('refused');
});
