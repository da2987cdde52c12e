import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { sqsDeadLetters, type SqsLetter } from '../../../lambda/queue-processor/sqs-dead-letters';

function queuesThatAnswer(answer: (command: unknown) => unknown) {
  const sent: unknown[] = [];
  const client = {
    send: async (command: unknown) => {
      sent.push(command);
      return answer(command);
    },
  } as unknown as SQSClient;
  return { sent, queues: sqsDeadLetters({ client, deadLetterQueueUrl: 'dead', ordersQueueUrl: 'orders' }) };
}

const letter: SqsLetter = { messageId: 'm-1', receiptHandle: 'h-1', body: 'b', sentAt: 1, attributes: {} };
const inputOf = (command: unknown) => (command as { input: unknown }).input;

it('hidden messages are counted too', async () => {
  const { queues, sent } = queuesThatAnswer(() => ({
    Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '4' },
  }));
  expect(await queues.count()).toBe(7);
  expect(sent[0]).toBeInstanceOf(GetQueueAttributesCommand);
});

it('a letter is received with all that it takes to send it again', async () => {
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
  expect(await queues.receive(7)).toEqual([
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

it('an empty queue gives no letters', async () => {
  const { queues } = queuesThatAnswer(() => ({}));
  expect(await queues.receive(10)).toEqual([]);
});

it('a letter goes back as it was', async () => {
  const { queues, sent } = queuesThatAnswer(() => ({}));
  const attributes = { source: { DataType: 'String', StringValue: 'shop' } };
  await queues.sendBack({ ...letter, attributes });
  expect(sent[0]).toBeInstanceOf(SendMessageCommand);
  expect(inputOf(sent[0])).toEqual({ QueueUrl: 'orders', MessageBody: 'b', MessageAttributes: attributes });
});

it('a letter of a FIFO queue goes back into its group, under an id that the queue has not seen', async () => {
  const { queues, sent } = queuesThatAnswer(() => ({}));
  await queues.sendBack({ ...letter, group: 'c-7' });
  expect(inputOf(sent[0])).toMatchObject({ MessageGroupId: 'c-7', MessageDeduplicationId: 'redrive-m-1' });
});

it('a letter is deleted, or shown, in the dead-letter queue', async () => {
  const { queues, sent } = queuesThatAnswer(() => ({}));
  await queues.remove(letter);
  await queues.show(letter);
  expect(sent.map((command) => (command as object).constructor)).toEqual([
    DeleteMessageCommand,
    ChangeMessageVisibilityCommand,
  ]);
  expect(sent.map(inputOf)).toEqual([
    { QueueUrl: 'dead', ReceiptHandle: 'h-1' },
    { QueueUrl: 'dead', ReceiptHandle: 'h-1', VisibilityTimeout: 0 },
  ]);
});

it('a letter that is gone already is removed, as a second try after a lost answer finds it', async () => {
  const { queues } = queuesThatAnswer(() => {
    throw new ReceiptHandleIsInvalid({ message: 'no such handle', $metadata: {} });
  });
  await expect(queues.remove(letter)).resolves.toBeUndefined();
});

it('a removal that fails otherwise is told', async () => {
  const { queues } = queuesThatAnswer(() => {
    throw new Error('refused');
  });
  await expect(queues.remove(letter)).rejects.toThrow('refused');
});
