import type { SQSBatchResponse, SQSEvent, SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { createHash } from 'node:crypto';
import { JsonService, Refusal } from './json-service';
import { messageBytes, Queue, type Message, type NewMessage, type QueueSettings } from './sqs-queue';

interface OfQueue {
  readonly QueueUrl: string;
}
interface Receipt {
  readonly ReceiptHandle: string;
}
interface Visibility extends Receipt {
  readonly VisibilityTimeout: number;
}
interface Batch<Entry> extends OfQueue {
  readonly Entries: readonly (Entry & { readonly Id: string })[];
}
interface Receiving extends OfQueue {
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
}

/** SQS with these queues in memory: visibility, receive counts, dead letters, groups and deduplication. A receive never waits. */
export class FakeSQS extends JsonService {
  readonly serviceId = 'SQS';
  readonly #queues: ReadonlyMap<string, Queue>;
  #origin = 'https://sqs.eu-west-1.amazonaws.com';

  /** @param now milliseconds since the epoch */
  constructor(queues: Readonly<Record<string, QueueSettings>>, now: () => number = Date.now) {
    super();
    this.#queues = new Map(Object.entries(queues).map(([name, settings]) => [name, new Queue(name, settings, now)]));
  }

  /** @throws Refusal where there is no such queue */
  queue(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new Refusal('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  /** URL of a queue, which the SDK takes its endpoint from: ask for it after `listen`. */
  urlOf(name: string): string {
    return `${this.#origin}/111122223333/${name}`;
  }

  override async listen(): Promise<Record<string, string>> {
    const environment = await super.listen();
    this.#origin = Object.values(environment)[0] ?? this.#origin;
    return environment;
  }

  /** Does what an event source mapping does: hands a batch over, and deletes what did not fail. Undefined: there was none. */
  async deliver(
    name: string,
    handler: (event: SQSEvent) => Promise<unknown>,
    batchSize = 10,
  ): Promise<SQSBatchResponse | undefined> {
    const queue = this.queue(name);
    const messages = this.#receive(queue, batchSize, undefined);
    if (messages.length === 0) return undefined;
    const answer = await handler({ Records: messages.map((message) => recordOf(message, queue)) });
    const response = (answer ?? { batchItemFailures: [] }) as SQSBatchResponse;
    const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { messageId, receiptHandle } of messages) if (!failed.has(messageId)) queue.delete(receiptHandle ?? '');
    return response;
  }

  protected readonly operationHandlers = {
    GetQueueUrl: ({ QueueName }: { QueueName: string }) => ({ QueueUrl: this.urlOf(this.queue(QueueName).name) }),
    GetQueueAttributes: ({ QueueUrl, AttributeNames = [] }: OfQueue & { AttributeNames?: readonly string[] }) => {
      const all = attributesOf(this.#at(QueueUrl));
      return { Attributes: pick(all, AttributeNames) };
    },
    SendMessage: ({ QueueUrl, ...message }: OfQueue & NewMessage) => sentAnswer(this.#at(QueueUrl), message),
    SendMessageBatch: (input: Batch<NewMessage>) => {
      if (input.Entries.reduce((sum, entry) => sum + messageBytes(entry), 0) > 1_048_576) {
        throw new Refusal('BatchRequestTooLong', 'The length of all the messages put together is more than the limit.');
      }
      return batch(input, (entry) => sentAnswer(this.#at(input.QueueUrl), entry));
    },
    ReceiveMessage: (input: Receiving) => {
      const { MaxNumberOfMessages: maximum = 1, VisibilityTimeout, AttributeNames = [] } = input;
      if (!(maximum >= 1 && maximum <= 10))
        throw new Refusal('InvalidParameterValue', `Value ${maximum} must be 1 to 10`);
      const queue = this.#at(input.QueueUrl);
      const messages = this.#receive(queue, maximum, VisibilityTimeout);
      const { MessageSystemAttributeNames: names = AttributeNames, MessageAttributeNames = [] } = input;
      const shown = messages.map((message) => ({
        MessageId: message.messageId,
        ReceiptHandle: message.receiptHandle,
        Body: message.body,
        MD5OfBody: md5(message.body),
        Attributes: pick(systemAttributesOf(message, queue), names),
        MessageAttributes: pick(message.attributes, MessageAttributeNames),
      }));
      return shown.length === 0 ? {} : { Messages: shown };
    },
    DeleteMessage: ({ QueueUrl, ReceiptHandle }: OfQueue & Receipt) => this.#delete(QueueUrl, ReceiptHandle),
    DeleteMessageBatch: (input: Batch<Receipt>) =>
      batch(input, ({ ReceiptHandle }) => this.#delete(input.QueueUrl, ReceiptHandle)),
    ChangeMessageVisibility: ({ QueueUrl, ...change }: OfQueue & Visibility) => this.#hide(QueueUrl, change),
    ChangeMessageVisibilityBatch: (input: Batch<Visibility>) =>
      batch(input, (change) => this.#hide(input.QueueUrl, change)),
  };

  #at(url: string): Queue {
    return this.queue(url.split('/').at(-1) ?? '');
  }

  #receive(queue: Queue, maximum: number, visibilitySeconds: number | undefined): Message[] {
    return queue.receive(maximum, visibilitySeconds, (message) => {
      this.queue(queue.settings.redrive?.deadLetterQueue ?? '').take(message, queue.arn);
    });
  }

  #delete(url: string, handle: string): object {
    this.#at(url).delete(handle);
    return {};
  }

  #hide(url: string, { ReceiptHandle, VisibilityTimeout }: Visibility): object {
    this.#at(url).changeVisibility(ReceiptHandle, VisibilityTimeout);
    return {};
  }
}

function batch<Entry>({ Entries }: Batch<Entry>, act: (entry: Entry) => object): object {
  if (Entries.length === 0)
    throw new Refusal('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (Entries.length > 10)
    throw new Refusal('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  const ids = Entries.map(({ Id }) => Id);
  if (new Set(ids).size < ids.length) throw new Refusal('BatchEntryIdsNotDistinct', 'Ids must be distinct.');
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id)))
    throw new Refusal('InvalidBatchEntryId', 'Use letters, digits, - and _.');
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of Entries) {
    try {
      Successful.push({ Id: entry.Id, ...act(entry) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function sentAnswer(queue: Queue, message: NewMessage): object {
  const { messageId, body, sequenceNumber } = queue.send(message);
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5(body),
    ...(queue.isFifo ? { SequenceNumber: sequenceNumber } : {}),
  };
}

function attributesOf({ arn, settings, counts, visibilityTimeoutSeconds, isFifo }: Queue): Record<string, string> {
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.notVisible),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(settings.retentionSeconds ?? 345_600),
    ...(isFifo ? { FifoQueue: 'true' } : {}),
  };
}

function systemAttributesOf(message: Message, { isFifo }: Queue): Record<string, string> {
  const all = {
    SenderId: 'AROAEXAMPLE',
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    MessageGroupId: message.groupId,
    MessageDeduplicationId: isFifo ? message.deduplicationId : undefined,
    SequenceNumber: isFifo ? message.sequenceNumber : undefined,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Requested attributes: `All`, names, or names with a common beginning (`order.*`). */
function pick<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> | undefined {
  const isWanted = (name: string) =>
    names.some((one) => one === 'All' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -2))));
  const picked = Object.entries(all).filter(([name]) => isWanted(name));
  return picked.length === 0 ? undefined : Object.fromEntries(picked);
}

function recordOf(message: Message, queue: Queue): SQSRecord {
  const attributes = Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { dataType: DataType, stringValue: StringValue, binaryValue: BinaryValue },
  ]);
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle ?? '',
    body: message.body,
    attributes: systemAttributesOf(message, queue) as unknown as SQSRecord['attributes'],
    messageAttributes: Object.fromEntries(attributes) as SQSMessageAttributes,
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: 'eu-west-1',
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
