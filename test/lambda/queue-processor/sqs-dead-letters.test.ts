import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type BatchResultErrorEntry,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import {
  countDeadLetters,
  deleteDeadLetters,
  receiveDeadLetters,
  sendToOrders,
  showDeadLetters,
  type ReceivedDeadLetter,
} from '../../../lambda/queue-processor/sqs-dead-letters';

/** Queues whose client answers each call; `failing` gives the entries of a batch that fail. */
function queuesThatAnswer(answer: (command: unknown) => unknown, ordersQueueUrl = 'https://sqs/orders') {
  const sent: { input: Record<string, unknown> }[] = [];
  const pauses: number[] = [];
  const client = {
    send: async (command: { input: Record<string, unknown> }) => {
      sent.push(command);
      return answer(command);
    },
  } as unknown as SQSClient;
  const pause = async (next: number) => void pauses.push(next);
  return { sent, pauses, queues: { client, deadLetterQueueUrl: 'https://sqs/dead', ordersQueueUrl, pause } };
}

function aDeadLetter(change: Partial<ReceivedDeadLetter> = {}): ReceivedDeadLetter {
  const messageId = change.messageId ?? 'm-1';
  return { messageId, receiptHandle: `h of ${messageId}`, body: 'b', sentAt: 1, attributes: {}, ...change };
}

const several = (count: number, change: (index: number) => Partial<ReceivedDeadLetter> = () => ({})) =>
  Array.from({ length: count }, (_, index) => aDeadLetter({ messageId: `m-${index}`, ...change(index) }));

const entriesOf = ({ input }: { input: Record<string, unknown> }) => input['Entries'] as SendMessageBatchRequestEntry[];
const bodiesOf = (command: { input: Record<string, unknown> }) => entriesOf(command).map((entry) => entry.MessageBody);
const idsOf = (messages: readonly { messageId: string }[]) => messages.map(({ messageId }) => messageId);

/** Fails the entries with these bodies, each so many times. */
function failing(failures: Record<string, { times: number; entry: Partial<BatchResultErrorEntry> }>) {
  return (command: unknown) => ({
    Failed: entriesOf(command as never).flatMap(({ Id, MessageBody = '' }) => {
      const failure = failures[MessageBody];
      return failure !== undefined && failure.times-- > 0 ? [{ Id, ...failure.entry }] : [];
    }),
  });
}

describe('counting and receiving', () => {
  it('counts hidden messages too', async () => {
    const { queues, sent } = queuesThatAnswer(() => ({
      Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '4' },
    }));
    expect(await countDeadLetters(queues)).toBe(7);
    expect(sent[0]).toBeInstanceOf(GetQueueAttributesCommand);
  });

  it('asks for the attributes without which a redriven message would lose them', async () => {
    const { queues, sent } = queuesThatAnswer(() => ({}));
    await receiveDeadLetters(queues, 7);
    expect(sent[0]).toBeInstanceOf(ReceiveMessageCommand);
    expect(sent[0]?.input).toMatchObject({
      QueueUrl: 'https://sqs/dead',
      MaxNumberOfMessages: 7,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['SentTimestamp', 'MessageGroupId'],
    });
  });

  it('returns everything needed to send a dead letter again', async () => {
    const { queues } = queuesThatAnswer(() => ({
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
  });

  it('receives nothing from an empty queue', async () => {
    expect(await receiveDeadLetters(queuesThatAnswer(() => ({})).queues, 10)).toEqual([]);
  });
});

describe('sending to a standard queue', () => {
  it('sends ten in a call, unchanged', async () => {
    const { queues, sent } = queuesThatAnswer(() => ({}));
    const attributes = { source: { DataType: 'String', StringValue: 'shop' } };
    const { accepted, refused } = await sendToOrders(
      queues,
      several(12, () => ({ attributes })),
    );
    expect([accepted.length, refused]).toEqual([12, []]);
    expect(sent.map((command) => entriesOf(command).length)).toEqual([10, 2]);
    expect(sent[0]).toBeInstanceOf(SendMessageBatchCommand);
    expect(sent[0]?.input['QueueUrl']).toBe('https://sqs/orders');
    expect(entriesOf(sent[0]!)[0]).toEqual({ Id: '0', MessageBody: 'b', MessageAttributes: attributes });
  });

  it('sends the group of a fair queue, and no deduplication id, which standard queues refuse', async () => {
    const { queues, sent } = queuesThatAnswer(() => ({}));
    await sendToOrders(queues, [aDeadLetter({ group: 'c-7' }), aDeadLetter({ messageId: 'm-2', group: 'c-7' })]);
    expect(sent).toHaveLength(1);
    expect(entriesOf(sent[0]!)).toEqual([
      { Id: '0', MessageBody: 'b', MessageAttributes: {}, MessageGroupId: 'c-7' },
      { Id: '1', MessageBody: 'b', MessageAttributes: {}, MessageGroupId: 'c-7' },
    ]);
  });

  it('sends no more than a mebibyte in a call, attributes included', async () => {
    const { queues, sent } = queuesThatAnswer(() => ({}));
    const half = 1_048_576 / 2;
    const value = { DataType: 'String', StringValue: 'é' };
    await sendToOrders(queues, [
      aDeadLetter({ messageId: 'a', body: 'x'.repeat(half) }),
      aDeadLetter({ messageId: 'b', body: 'x'.repeat(half) }),
      aDeadLetter({ messageId: 'c', body: 'x'.repeat(half) }),
      aDeadLetter({ messageId: 'd', body: 'x'.repeat(half - 8), attributes: { n: value } }),
      aDeadLetter({ messageId: 'e', body: 'x'.repeat(1_048_576) }),
    ]);
    expect(sent.map((command) => entriesOf(command).length)).toEqual([2, 1, 1, 1]);
  });

  it('sends failed entries again after a pause, and only those', async () => {
    const fault = { SenderFault: false, Code: 'ServiceUnavailable' };
    const { queues, sent, pauses } = queuesThatAnswer(failing({ b1: { times: 2, entry: fault } }));
    const { accepted, error } = await sendToOrders(
      queues,
      several(3, (index) => ({ body: `b${index}` })),
    );
    expect(error).toBeUndefined();
    expect(accepted).toHaveLength(3);
    expect(sent.map(bodiesOf)).toEqual([['b0', 'b1', 'b2'], ['b1'], ['b1']]);
    expect(pauses).toEqual([2, 3]);
  });

  it('an entry that fails three times is an error, and the accepted ones are returned', async () => {
    const fault = { SenderFault: false, Code: 'ServiceUnavailable' };
    const { queues } = queuesThatAnswer(failing({ b1: { times: 9, entry: fault } }));
    const { accepted, error } = await sendToOrders(
      queues,
      several(3, (index) => ({ body: `b${index}` })),
    );
    expect(idsOf(accepted)).toEqual(['m-0', 'm-2']);
    expect(error?.name).toBe('ServiceUnavailable');
  });

  it('sends nothing more after an error', async () => {
    const fault = { SenderFault: false, Code: 'ServiceUnavailable' };
    const { queues, sent } = queuesThatAnswer(failing({ b1: { times: 9, entry: fault } }));
    const { accepted } = await sendToOrders(
      queues,
      several(12, (index) => ({ body: `b${index}` })),
    );
    expect(accepted).toHaveLength(9);
    expect(sent.map(bodiesOf).flat()).not.toContain('b10');
  });

  it('an entry that the queue can never accept is refused once, and the others go on', async () => {
    const fault = { SenderFault: true, Code: 'InvalidMessageContents' };
    const { queues, sent } = queuesThatAnswer(failing({ b1: { times: 9, entry: fault } }));
    const result = await sendToOrders(
      queues,
      several(12, (index) => ({ body: `b${index}` })),
    );
    expect(result).toMatchObject({ refused: ['InvalidMessageContents'] });
    expect(result.error).toBeUndefined();
    expect(result.accepted).toHaveLength(11);
    expect(sent).toHaveLength(2);
  });
});

describe('sending to a FIFO queue', () => {
  const fifo = 'https://sqs/orders.fifo';
  const ofGroups = (...groups: string[]) =>
    groups.map((group, index) => aDeadLetter({ messageId: `m-${index}`, body: `${group}${index}`, group }));

  it('sends into the group, with an id that the queue has not seen', async () => {
    const { queues, sent } = queuesThatAnswer(() => ({}), fifo);
    await sendToOrders(queues, [aDeadLetter({ group: 'c-7' })]);
    expect(entriesOf(sent[0]!)[0]).toMatchObject({ MessageGroupId: 'c-7', MessageDeduplicationId: 'redrive-m-1' });
  });

  it('sends the messages of a group one after the other', async () => {
    const { queues, sent } = queuesThatAnswer(() => ({}), fifo);
    await sendToOrders(queues, ofGroups('a', 'a', 'b', 'a'));
    expect(sent.map(bodiesOf)).toEqual([['a0', 'b2'], ['a1'], ['a3']]);
  });

  it('sends none of a group behind a message that was refused', async () => {
    const fault = { SenderFault: true, Code: 'InvalidMessageContents' };
    const { queues, sent } = queuesThatAnswer(failing({ a2: { times: 9, entry: fault } }), fifo);
    const { accepted, refused } = await sendToOrders(queues, ofGroups('a', 'b', 'a', 'b', 'a', 'b'));
    expect(sent.map(bodiesOf)).toEqual([['a0', 'b1'], ['a2', 'b3'], ['b5']]);
    expect([idsOf(accepted), refused]).toEqual([['m-0', 'm-1', 'm-3', 'm-5'], ['InvalidMessageContents']]);
  });
});

describe('deleting and showing', () => {
  it('deletes and shows ten in a call', async () => {
    const { queues, sent } = queuesThatAnswer(() => ({}));
    await deleteDeadLetters(queues, several(11));
    await showDeadLetters(queues, several(11));
    expect(sent.map((command) => command.constructor)).toEqual([
      DeleteMessageBatchCommand,
      DeleteMessageBatchCommand,
      ChangeMessageVisibilityBatchCommand,
      ChangeMessageVisibilityBatchCommand,
    ]);
    expect(sent[1]?.input).toEqual({
      QueueUrl: 'https://sqs/dead',
      Entries: [{ Id: '0', ReceiptHandle: 'h of m-10' }],
    });
    expect(sent[3]?.input).toEqual({
      QueueUrl: 'https://sqs/dead',
      Entries: [{ Id: '0', ReceiptHandle: 'h of m-10', VisibilityTimeout: 0 }],
    });
  });

  it('a dead letter that is gone already counts as deleted', async () => {
    const { queues, sent } = queuesThatAnswer(() => ({
      Failed: [{ Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true }],
    }));
    await expect(deleteDeadLetters(queues, several(2))).resolves.toBeUndefined();
    expect(sent).toHaveLength(1);
  });

  it('a deletion that fails is tried three times, then an error', async () => {
    const { queues, sent } = queuesThatAnswer(() => ({
      Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false, Message: 'no' }],
    }));
    await expect(deleteDeadLetters(queues, several(1))).rejects.toMatchObject({ name: 'InternalError' });
    expect(sent).toHaveLength(3);
  });

  it('shows the others where one call fails, eight calls at once', async () => {
    let now = 0;
    let most = 0;
    const { queues, sent } = queuesThatAnswer(async () => {
      most = Math.max(most, ++now);
      await new Promise(setImmediate);
      now--;
      throw new Error('refused');
    });
    await expect(showDeadLetters(queues, several(500))).resolves.toBeUndefined();
    expect([sent.length, most]).toEqual([50, 8]);
  });
});
