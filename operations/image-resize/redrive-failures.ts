import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { setTimeout as wait } from 'node:timers/promises';
import pMap from 'p-map';
import { readFailure, type Failure } from './failure';

export interface Redrive {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly queueUrl: string;
  readonly functionName: string;
  /** Largest number of messages to redrive. @default no limit */
  readonly maximum?: number;
  /** Largest number of invocations a second: a new account runs ten at once. @default 20 */
  readonly perSecond?: number;
  /** Reads every message and changes nothing. @default false */
  readonly dryRun?: boolean;
  /** Selects the events to redrive. @default every event */
  readonly matches?: (event: unknown) => boolean;
  /** Called for each message that was redriven, or would be in a dry run. */
  readonly onRedriven?: (failure: Failure) => void;
  /** Stops the redrive after the current message; messages that were received and not redriven return to the queue. */
  readonly signal?: AbortSignal;
  /** Waits so many milliseconds. @default a timer */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

export interface RedriveResult {
  /** Messages whose event Lambda accepted, and which were deleted; in a dry run, those that would be. */
  readonly redriven: number;
  /** Messages that were left in the queue: not selected, or sent after the start. */
  readonly left: number;
  /** Messages that contain no failed event, left in the queue. */
  readonly unreadable: number;
  /** Error that ended the redrive early; its message is still in the queue. */
  readonly error?: Error;
}

/** Visibility timeout of received messages, in seconds: a redrive of 10,000 at the default rate, with a margin. */
const visibilitySeconds = 900;
/** Long polling, in seconds: it queries all servers of the queue. */
const waitSeconds = 2;
/** SQS's limit of messages in one receive, and of entries in a batch. */
const batchSize = 10;
/** One empty receive may be wrong: a message may be on its way to being visible. */
const emptyReceivesAtTheEnd = 2;
/** Receives in a row that bring only messages that were seen: those that became visible again, over and over. */
const seenReceivesAtTheEnd = 10;
const batchesInFlight = 4;

/**
 * Invokes the function asynchronously with each failed event, like the first time, and deletes a message only once Lambda
 * has accepted its event. Events that fail again return as new messages, which are left in the queue.
 */
export async function redriveFailures(redrive: Redrive): Promise<RedriveResult> {
  const run = new RedriveLoop(redrive);
  try {
    await run.readQueue();
  } finally {
    // Also after an error: received messages would stay hidden for a quarter of an hour.
    await run.makeVisible();
  }
  return run.result;
}

class RedriveLoop {
  readonly #redrive: Redrive;
  readonly #started = Date.now();
  readonly #count = { redriven: 0, left: 0, unreadable: 0 };
  /** Ids of all messages that were received. */
  readonly #seen = new Set<string>();
  /** Messages to return to the queue, with their newest receipt handles. */
  readonly #kept = new Map<string, Message>();
  #error: Error | undefined;

  constructor(redrive: Redrive) {
    this.#redrive = redrive;
  }

  get result(): RedriveResult {
    return { ...this.#count, ...(this.#error === undefined ? {} : { error: this.#error }) };
  }

  async readQueue(): Promise<void> {
    let emptyReceives = 0;
    let seenReceives = 0;
    while (!this.isOver && emptyReceives < emptyReceivesAtTheEnd && seenReceives < seenReceivesAtTheEnd) {
      const messages = await this.receive();
      const fresh = messages.filter(({ MessageId = '' }) => !this.#seen.has(MessageId));
      emptyReceives = messages.length === 0 ? emptyReceives + 1 : 0;
      // A message may be delivered twice: a batch of such messages is not the end of the queue.
      seenReceives = messages.length > 0 && fresh.length === 0 ? seenReceives + 1 : 0;
      for (const message of messages) {
        this.#seen.add(message.MessageId ?? '');
        this.#kept.set(message.MessageId ?? '', message);
      }
      await this.redriveBatch(fresh);
    }
  }

  async makeVisible(): Promise<void> {
    const { sqs, queueUrl } = this.#redrive;
    const entries = [...this.#kept.values()].map(({ ReceiptHandle }, index) => ({
      Id: String(index % batchSize),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    const batches = chunks(entries);
    // A request that fails is for messages that are visible already or were deleted by another redrive.
    const send = (Entries: typeof entries): Promise<unknown> =>
      sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries })).catch(() => undefined);
    await pMap(batches, send, { concurrency: batchesInFlight });
  }

  private get isOver(): boolean {
    const { maximum = Infinity, signal } = this.#redrive;
    return this.#count.redriven >= maximum || signal?.aborted === true || this.#error !== undefined;
  }

  private async receive(): Promise<Message[]> {
    const { sqs, queueUrl, maximum = Infinity } = this.#redrive;
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(batchSize, maximum - this.#count.redriven),
        VisibilityTimeout: visibilitySeconds,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    return Messages;
  }

  private async redriveBatch(messages: readonly Message[]): Promise<void> {
    const accepted: Message[] = [];
    for (const message of messages) {
      if (this.isOver) break;
      if (await this.redriveMessage(message)) accepted.push(message);
    }
    if (this.#redrive.dryRun !== true && accepted.length > 0) await this.delete(accepted);
  }

  /** Returns whether Lambda has accepted the message's event, or would be asked to. */
  private async redriveMessage(message: Message): Promise<boolean> {
    const { dryRun, matches, onRedriven } = this.#redrive;
    const failure = readFailure(message.Body ?? '');
    if (failure === undefined) {
      this.#count.unreadable += 1;
      return false;
    }
    const failedAgain = Number(message.Attributes?.SentTimestamp ?? 0) > this.#started;
    if (failedAgain || matches?.(failure.event) === false) {
      this.#count.left += 1;
      return false;
    }
    try {
      if (dryRun !== true) await this.invoke(failure);
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
      return false;
    }
    this.#count.redriven += 1;
    onRedriven?.(failure);
    return true;
  }

  private async invoke({ event }: Failure): Promise<void> {
    const { lambda, functionName, perSecond = 20, sleep = wait } = this.#redrive;
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(event)),
    });
    const [{ StatusCode }] = await Promise.all([lambda.send(command), sleep(1_000 / perSecond)]);
    if (StatusCode !== 202) {
      throw new Error(`expected status 202 from ${functionName}, got ${StatusCode ?? 'none'}: run the redrive again`);
    }
  }

  private async delete(messages: readonly Message[]): Promise<void> {
    const { sqs, queueUrl } = this.#redrive;
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    const failed = new Set(Failed.map(({ Id }) => Id));
    messages.forEach(({ MessageId = '' }, index) => {
      if (!failed.has(String(index))) this.#kept.delete(MessageId);
    });
    if (failed.size > 0) {
      this.#error ??= new Error(
        `${failed.size} events were sent and their messages not deleted: run the redrive again`,
      );
    }
  }
}

function chunks<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / batchSize);
  return Array.from({ length: count }, (_, index) => items.slice(index * batchSize, (index + 1) * batchSize));
}
