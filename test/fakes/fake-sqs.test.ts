import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  type ReceiveMessageCommandInput,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { FakeSQS } from './fake-sqs';

let now: number;
let fake: FakeSQS;
let client: SQSClient;

beforeEach(() => {
  now = 1_000_000;
  const redrive = { deadLetterQueue: 'Dead', maxReceiveCount: 2 };
  fake = new FakeSQS(
    {
      Orders: { redrive, retentionSeconds: 1_000 },
      Dead: { retentionSeconds: 2_000 },
      'Orders.fifo': { redrive: { deadLetterQueue: 'Dead.fifo', maxReceiveCount: 2 } },
      'Dead.fifo': { contentBasedDeduplication: true },
    },
    () => now,
  );
  client = new SQSClient(fake.clientConfig);
});

const pass = (seconds: number) => (now += seconds * 1_000);
const send = (MessageBody: string, more: Partial<SendMessageCommandInput> = {}, queue = 'Orders') =>
  client.send(new SendMessageCommand({ QueueUrl: fake.urlOf(queue), MessageBody, ...more }));
const receive = async (more: Partial<ReceiveMessageCommandInput> = {}, queue = 'Orders') => {
  const request = { QueueUrl: fake.urlOf(queue), MaxNumberOfMessages: 10, ...more };
  return (await client.send(new ReceiveMessageCommand(request))).Messages ?? [];
};
const bodies = async (...more: Parameters<typeof receive>) => (await receive(...more)).map(({ Body }) => Body);
const remove = (ReceiptHandle = '', queue = 'Orders') =>
  client.send(new DeleteMessageCommand({ QueueUrl: fake.urlOf(queue), ReceiptHandle }));
const hide = (ReceiptHandle = '', VisibilityTimeout = 0) =>
  client.send(new ChangeMessageVisibilityCommand({ QueueUrl: fake.urlOf('Orders'), ReceiptHandle, VisibilityTimeout }));
const grouped = (MessageGroupId: string, MessageDeduplicationId: string) => ({
  MessageGroupId,
  MessageDeduplicationId,
});

describe('a message', () => {
  it('is hidden once it was received, and comes again when its time is over', async () => {
    await send('a');
    expect([await bodies(), await bodies()]).toEqual([['a'], []]);
    pass(30);
    expect(await bodies()).toEqual(['a']);
  });

  it('is gone once it was deleted by its newest receipt', async () => {
    await send('a');
    const [first] = await receive();
    pass(30);
    const [second] = await receive();
    await remove(first?.ReceiptHandle);
    expect(fake.queue('Orders').messages).toHaveLength(1);
    await remove(second?.ReceiptHandle);
    expect(fake.queue('Orders').messages).toEqual([]);
    await remove(second?.ReceiptHandle);
    await expect(remove('made up')).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('becomes visible at the requested time, within twelve hours of its receive', async () => {
    await send('a');
    const [{ ReceiptHandle } = {}] = await receive();
    await hide(ReceiptHandle, 600);
    pass(599);
    expect(await bodies()).toEqual([]);
    await expect(hide(ReceiptHandle, 43_000)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await hide(ReceiptHandle, 0);
    expect(await bodies()).toEqual(['a']);
    pass(30);
    const [{ ReceiptHandle: last } = {}] = fake
      .queue('Orders')
      .messages.map(({ receiptHandle }) => ({ ReceiptHandle: receiptHandle }));
    await expect(hide(last)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  it('waits for its delay', async () => {
    await send('a', { DelaySeconds: 900 });
    expect(await bodies()).toEqual([]);
    pass(900);
    expect(await bodies()).toEqual(['a']);
  });

  it('expires', async () => {
    await send('a');
    pass(1_000);
    expect(await bodies()).toEqual([]);
  });

  it('is received with the attributes that were asked for, and no others', async () => {
    const MessageAttributes = {
      source: { DataType: 'String', StringValue: 'shop' },
      trace: { DataType: 'Binary', BinaryValue: Buffer.from('t') },
    };
    await send('a', { MessageAttributes, MessageGroupId: 'tenant' });
    const [plain] = await receive();
    expect([plain?.Attributes, plain?.MessageAttributes]).toEqual([undefined, undefined]);
    pass(30);
    const [full] = await receive({ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
    expect(full?.MessageAttributes).toMatchObject({ source: { StringValue: 'shop' } });
    expect(full?.Attributes).toMatchObject({
      SentTimestamp: '1000000',
      ApproximateReceiveCount: '2',
      MessageGroupId: 'tenant',
    });
  });

  it.each<[string, string, Partial<SendMessageCommandInput>, string]>([
    ['a deduplication id on a standard queue', 'a', { MessageDeduplicationId: 'd' }, 'not valid for this queue type'],
    ['more than 1 MiB', 'ä'.repeat(524_289), {}, 'must be shorter than 1048576 bytes'],
    ['a longer delay than 900 s', 'a', { DelaySeconds: 901 }, 'DelaySeconds is invalid'],
    ['no text', '', {}, 'must contain the parameter MessageBody'],
  ])('with %s is refused', async (_, body, more, message) => {
    await expect(send(body, more)).rejects.toThrow(message);
  });

  it('that was received too often is set aside, and keeps the time from which it expires', async () => {
    const { MessageId } = await send('a');
    for (let receives = 0; receives < 2; receives++) {
      expect(await bodies()).toEqual(['a']);
      pass(30);
    }
    expect(await bodies()).toEqual([]);
    const [dead] = await receive({ MessageSystemAttributeNames: ['All'] }, 'Dead');
    expect(dead).toMatchObject({
      MessageId,
      Attributes: {
        SentTimestamp: '1000000',
        ApproximateReceiveCount: '1',
        DeadLetterQueueSourceArn: fake.queue('Orders').arn,
      },
    });
    pass(1_940);
    expect(await bodies({}, 'Dead')).toEqual([]);
  });
});

describe('a FIFO queue', () => {
  const fifo = 'Orders.fifo';

  it('holds a group back while one of its messages is in flight', async () => {
    await send('a1', grouped('a', '1'), fifo);
    await send('a2', grouped('a', '2'), fifo);
    await send('b1', grouped('b', '3'), fifo);
    const [first] = await receive({ MaxNumberOfMessages: 1 }, fifo);
    expect([first?.Body, await bodies({}, fifo)]).toEqual(['a1', ['b1']]);
    await remove(first?.ReceiptHandle, fifo);
    expect(await bodies({}, fifo)).toEqual(['a2']);
  });

  it('drops a repeated deduplication id for five minutes', async () => {
    const first = await send('a', grouped('g', 'd'), fifo);
    expect((await send('a', grouped('g', 'd'), fifo)).MessageId).toBe(first.MessageId);
    pass(300);
    expect((await send('a', grouped('g', 'd'), fifo)).MessageId).not.toBe(first.MessageId);
  });

  it('asks for a group and a deduplication id', async () => {
    await expect(send('a', { MessageDeduplicationId: 'd' }, fifo)).rejects.toMatchObject({ name: 'MissingParameter' });
    await expect(send('a', { MessageGroupId: 'g' }, fifo)).rejects.toThrow('ContentBasedDeduplication');
    await send('a', { MessageGroupId: 'g' }, 'Dead.fifo');
    await expect(send('a', { ...grouped('g', 'd'), DelaySeconds: 1 }, fifo)).rejects.toThrow('DelaySeconds');
  });

  it('counts the age of a dead letter from its move', async () => {
    await send('a', grouped('g', 'd'), fifo);
    for (let receives = 0; receives < 3; receives++) {
      await receive({}, fifo);
      pass(30);
    }
    expect(fake.queue('Dead.fifo').messages[0]?.sentAt).toBe(1_060_000);
  });
});

describe('a batch', () => {
  const QueueUrl = () => fake.urlOf('Orders');
  const entry = (Id: string, more: object = {}) => ({ Id, MessageBody: Id, ...more });
  const sendAll = (...Entries: { Id: string; MessageBody: string }[]) =>
    client.send(new SendMessageBatchCommand({ QueueUrl: QueueUrl(), Entries }));

  it('does what it can, and tells what it could not', async () => {
    const sent = await sendAll(entry('a'), entry('b', { MessageDeduplicationId: 'd' }));
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a']);
    expect(sent.Failed).toEqual([
      expect.objectContaining({ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }),
    ]);
    const [{ ReceiptHandle = '' } = {}] = await receive();
    const changed = { Id: 'c', ReceiptHandle, VisibilityTimeout: 0 };
    const unknown = { Id: 'u', ReceiptHandle: 'made up', VisibilityTimeout: 0 };
    const changes = new ChangeMessageVisibilityBatchCommand({ QueueUrl: QueueUrl(), Entries: [changed, unknown] });
    expect((await client.send(changes)).Failed).toEqual([expect.objectContaining({ Id: 'u' })]);
    const [{ ReceiptHandle: newest = '' } = {}] = await receive();
    await client.send(
      new DeleteMessageBatchCommand({ QueueUrl: QueueUrl(), Entries: [{ Id: 'd', ReceiptHandle: newest }] }),
    );
    expect(fake.queue('Orders').messages).toEqual([]);
  });

  it.each([
    ['EmptyBatchRequest', []],
    ['TooManyEntriesInBatchRequest', Array.from({ length: 11 }, (_, index) => entry(`e${index}`))],
    ['BatchEntryIdsNotDistinct', [entry('a'), entry('a')]],
    ['InvalidBatchEntryId', [entry('a b')]],
    [
      'BatchRequestTooLong',
      [entry('a', { MessageBody: 'x'.repeat(600_000) }), entry('b', { MessageBody: 'x'.repeat(600_000) })],
    ],
  ])('is refused as %s', async (name, entries) => {
    await expect(sendAll(...entries)).rejects.toMatchObject({ name });
  });
});

it('a queue is counted, and found by its name', async () => {
  await send('a');
  await send('b');
  await send('c', { DelaySeconds: 60 });
  await receive({ MaxNumberOfMessages: 1 });
  const request = { QueueUrl: fake.urlOf('Orders'), AttributeNames: ['All' as const] };
  expect((await client.send(new GetQueueAttributesCommand(request))).Attributes).toMatchObject({
    ApproximateNumberOfMessages: '1',
    ApproximateNumberOfMessagesNotVisible: '1',
    ApproximateNumberOfMessagesDelayed: '1',
  });
  expect((await client.send(new GetQueueUrlCommand({ QueueName: 'Orders' }))).QueueUrl).toBe(fake.urlOf('Orders'));
  await expect(client.send(new GetQueueUrlCommand({ QueueName: 'None' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  });
});

it('characters that a message cannot hold are replaced', async () => {
  const message = fake.queue('Orders').send({ MessageBody: 'a\u0001b\tc😀' });
  expect(message.body).toBe('a\ufffdb\tc😀');
});

it('an event source mapping deletes what did not fail', async () => {
  await send('good', { MessageAttributes: { source: { DataType: 'String', StringValue: 'shop' } } });
  await send('bad');
  const events: SQSEvent[] = [];
  const response = await fake.deliver('Orders', async (event) => {
    events.push(event);
    return { batchItemFailures: [{ itemIdentifier: event.Records[1]?.messageId ?? '' }] };
  });
  expect(response?.batchItemFailures).toHaveLength(1);
  expect(events[0]?.Records[0]).toMatchObject({
    body: 'good',
    eventSourceARN: fake.queue('Orders').arn,
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: { source: { stringValue: 'shop' } },
  });
  expect(fake.queue('Orders').messages.map(({ body }) => body)).toEqual(['bad']);
  expect(await fake.deliver('Orders', async () => undefined)).toBeUndefined();
  pass(30);
  await fake.deliver('Orders', async () => undefined);
  expect(fake.queue('Orders').messages).toEqual([]);
});

it('serves clients that have only the address of a queue', async () => {
  Object.assign(process.env, await fake.listen());
  const remote = new SQSClient({ region: 'eu-west-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  await remote.send(new SendMessageCommand({ QueueUrl: fake.urlOf('Orders'), MessageBody: 'a' }));
  expect(await bodies()).toEqual(['a']);
  remote.destroy();
  await fake.close();
});
