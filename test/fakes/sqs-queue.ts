import { createHash } from 'node:crypto';
import { Refusal } from './json-service';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export interface QueueSettings {
  readonly visibilityTimeoutSeconds?: number;
  readonly retentionSeconds?: number;
  readonly delaySeconds?: number;
  readonly contentBasedDeduplication?: boolean;
  readonly redrive?: { readonly deadLetterQueue: string; readonly maxReceiveCount: number };
}

export interface NewMessage {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly sequenceNumber: string;
  /** Milliseconds since the epoch; a standard dead-letter queue keeps it, and expiry counts from it. */
  sentAt: number;
  firstReceivedAt?: number;
  receivedAt: number;
  visibleAt: number;
  receiveCount: number;
  /** Of the newest receive. */
  receiptHandle?: string;
  deadLetterSource?: string;
}

const mebibyte = 1_048_576;
/** Longest time for which a message can be hidden, from its receive. */
const longestVisibilitySeconds = 43_200;

export function invalidParameter(message: string): Refusal {
  return new Refusal('InvalidParameterValue', message);
}

/** Messages of one queue; whether it is FIFO follows from its name. */
export class Queue {
  messages: Message[] = [];
  readonly isFifo: boolean;
  readonly #handles = new Map<string, Message>();
  readonly #deduplicated = new Map<string, { readonly until: number; readonly message: Message }>();
  #count = 0;

  constructor(
    readonly name: string,
    readonly settings: QueueSettings,
    private readonly now: () => number,
  ) {
    this.isFifo = name.endsWith('.fifo');
  }

  get arn(): string {
    return `arn:aws:sqs:eu-west-1:111122223333:${this.name}`;
  }

  get visibilityTimeoutSeconds(): number {
    return this.settings.visibilityTimeoutSeconds ?? 30;
  }

  /** Messages that can be received now, and those that are hidden. */
  get counts(): { readonly visible: number; readonly notVisible: number; readonly delayed: number } {
    this.#expire();
    const hidden = this.messages.filter(({ visibleAt }) => visibleAt > this.now());
    const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
    return { visible: this.messages.length - hidden.length, notVisible: hidden.length - delayed, delayed };
  }

  send(input: NewMessage): Message {
    this.#requireSendable(input);
    const { MessageBody: body, MessageAttributes: attributes = {}, MessageGroupId: groupId } = input;
    const hash = createHash('sha256').update(body).digest('hex');
    const deduplicationId =
      input.MessageDeduplicationId ?? (this.settings.contentBasedDeduplication === true ? hash : undefined);
    if (this.isFifo && deduplicationId === undefined) {
      throw invalidParameter(
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided',
      );
    }
    const before = this.#deduplicated.get(deduplicationId ?? '');
    if (before !== undefined && before.until > this.now()) return before.message;
    const number = ++this.#count;
    const delay = input.DelaySeconds ?? this.settings.delaySeconds ?? 0;
    const message: Message = {
      messageId: `${this.name}-${number}`,
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
      body: body.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd'),
      attributes,
      groupId,
      deduplicationId,
      sequenceNumber: String(number).padStart(20, '0'),
      sentAt: this.now(),
      receivedAt: 0,
      visibleAt: this.now() + delay * 1_000,
      receiveCount: 0,
    };
    this.messages.push(message);
    if (deduplicationId !== undefined) {
      this.#deduplicated.set(deduplicationId, { until: this.now() + 300_000, message });
    }
    return message;
  }

  /** @param moveAside takes messages that were received too often */
  receive(maximum: number, visibilitySeconds: number | undefined, moveAside: (message: Message) => void): Message[] {
    this.#expire();
    const received: Message[] = [];
    const blocked = new Set<string | undefined>();
    for (const message of [...this.messages]) {
      const waits = message.visibleAt > this.now() || (this.isFifo && blocked.has(message.groupId));
      // A group goes on only when all before are deleted or visible again.
      if (message.visibleAt > this.now()) blocked.add(message.groupId);
      if (waits || received.length === maximum) continue;
      if (message.receiveCount >= (this.settings.redrive?.maxReceiveCount ?? Infinity)) {
        this.messages = this.messages.filter((one) => one !== message);
        moveAside(message);
        continue;
      }
      received.push(this.#handOut(message, visibilitySeconds ?? this.visibilityTimeoutSeconds));
    }
    return received;
  }

  /** Takes a message that another queue set aside. */
  take(message: Message, source: string): void {
    Object.assign(message, { receiveCount: 0, visibleAt: this.now(), deadLetterSource: source });
    if (this.isFifo) message.sentAt = this.now();
    this.messages.push(message);
  }

  delete(receiptHandle: string): void {
    const message = this.#handles.get(receiptHandle);
    if (message === undefined) throw new Refusal('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
    // One of an earlier receive need not delete: the newest does.
    if (message.receiptHandle !== receiptHandle) return;
    this.messages = this.messages.filter((one) => one !== message);
  }

  changeVisibility(receiptHandle: string, seconds: number): void {
    const message = this.#handles.get(receiptHandle);
    if (message === undefined) throw new Refusal('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
    if (!this.messages.includes(message) || message.receiptHandle !== receiptHandle) {
      throw invalidParameter('Message does not exist or is not available for visibility timeout change.');
    }
    if (message.visibleAt <= this.now()) throw new Refusal('MessageNotInflight', 'The message is not in flight.');
    const total = (this.now() - message.receivedAt) / 1_000 + seconds;
    if (!(seconds >= 0) || total > longestVisibilitySeconds) {
      throw invalidParameter(`VisibilityTimeout ${seconds} is beyond the limit of ${longestVisibilitySeconds} seconds`);
    }
    message.visibleAt = this.now() + seconds * 1_000;
  }

  #handOut(message: Message, seconds: number): Message {
    message.receiveCount++;
    message.receivedAt = this.now();
    message.firstReceivedAt ??= this.now();
    message.visibleAt = this.now() + seconds * 1_000;
    message.receiptHandle = `${message.messageId}#${message.receiveCount}#${this.#handles.size}`;
    this.#handles.set(message.receiptHandle, message);
    return message;
  }

  #expire(): void {
    const oldest = this.now() - (this.settings.retentionSeconds ?? 345_600) * 1_000;
    this.messages = this.messages.filter(({ sentAt }) => sentAt > oldest);
  }

  #requireSendable(input: NewMessage): void {
    const { MessageBody: body, MessageAttributes: attributes = {}, DelaySeconds: delay } = input;
    if (body === '') throw invalidParameter('The request must contain the parameter MessageBody.');
    if (messageBytes(input) > mebibyte)
      throw invalidParameter(
        `One or more parameters are invalid. Reason: Message must be shorter than ${mebibyte} bytes.`,
      );
    if (Object.keys(attributes).length > 10)
      throw invalidParameter('Number of message attributes exceeds the allowed maximum [10].');
    if (delay !== undefined && (this.isFifo || !(delay >= 0 && delay <= 900))) {
      throw invalidParameter(`Value ${delay} for parameter DelaySeconds is invalid.`);
    }
    if (this.isFifo && input.MessageGroupId === undefined) {
      throw new Refusal('MissingParameter', 'The request must contain the parameter MessageGroupId.');
    }
    if (!this.isFifo && input.MessageDeduplicationId !== undefined) {
      throw invalidParameter(
        'The request include parameter MessageDeduplicationId which is not valid for this queue type',
      );
    }
  }
}

export function messageBytes({ MessageBody, MessageAttributes = {} }: NewMessage): number {
  const attributes = Object.entries(MessageAttributes).map(([name, { DataType, StringValue = '', BinaryValue = '' }]) =>
    [name, DataType, StringValue].reduce(
      (sum, text) => sum + Buffer.byteLength(text),
      Buffer.from(BinaryValue, 'base64').length,
    ),
  );
  return attributes.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(MessageBody));
}
