import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';

export interface Redrive {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly queueUrl: string;
  readonly functionName: string;
  /** Messages to send through again at most. @default no limit */
  readonly maximum?: number;
  /** Looks at every message and changes nothing. @default false */
  readonly dryRun?: boolean;
  /** Leaves events alone that it says false to. @default every event is redriven */
  readonly matches?: (event: unknown) => boolean;
  /** Told of each message that was redriven, or would be. */
  readonly onRedriven?: (failure: Failure) => void;
  /** Ends after the messages in hand; those that were received and not redriven go back into the queue. */
  readonly signal?: AbortSignal;
}

/** A failed event as Lambda's on-failure destination describes it. */
export interface Failure {
  /** Lambda's reason, such as `RetriesExhausted` or `EventAgeExceeded`. */
  readonly condition: string;
  readonly attempts: number;
  /** When it was set aside, where the record says so. */
  readonly failedAt?: Date;
  /** What the function threw last, in one line; absent where it was never run, as with an event that grew too old. */
  readonly reason?: string;
  readonly event: unknown;
}

export interface RedriveResult {
  /** Messages whose event Lambda accepted, and which are deleted; in a dry run, those that would be. */
  readonly redriven: number;
  /** Messages that were seen and left: not matching, or newer than the start. */
  readonly left: number;
  /** Messages that hold no failed event, left in the queue. */
  readonly unreadable: number;
  /** What ended the redrive early; its message is still in the queue. */
  readonly error?: Error;
}

/** What is needed of Lambda's destination record; its event is the function's own to read. */
const failureSchema = z.object({
  timestamp: z.coerce.date().optional().catch(undefined),
  responsePayload: z
    .object({ errorType: z.string().default('Error'), errorMessage: z.string().default('') })
    .optional()
    .catch(undefined),
  requestContext: z.object({ condition: z.string(), approximateInvokeCount: z.number() }),
  requestPayload: z.unknown().refine((event) => event !== undefined),
});

/** Seconds for which a message in hand is hidden from other receivers: what a redrive of ten takes, many times over. */
const visibilitySeconds = 120;
/** A receive that waits asks every server of the queue, so that an empty answer means an empty queue. */
const waitSeconds = 2;
/** SQS's limit for one receive. */
const batchSize = 10;

/**
 * Sends failed events through the function again, each as an asynchronous invocation like the first, and deletes a
 * message only once Lambda has accepted its event. Events that fail again come back as new messages and are left.
 */
export async function redriveFailures(redrive: Redrive): Promise<RedriveResult> {
  const started = Date.now();
  const count = { redriven: 0, left: 0, unreadable: 0 };
  const held = new Map<string, Message>();
  const maximum = redrive.maximum ?? Infinity;
  let error: Error | undefined;
  try {
    while (count.redriven < maximum && redrive.signal?.aborted !== true && error === undefined) {
      const messages = await receive(redrive, Math.min(batchSize, maximum - count.redriven));
      const fresh = messages.filter(({ MessageId = '' }) => !held.has(MessageId));
      for (const message of messages) held.set(message.MessageId ?? '', message);
      if (fresh.length === 0) break;
      const outcomes = await Promise.all(fresh.map((message) => handle(redrive, message, started)));
      for (const { message, outcome } of outcomes) {
        if (outcome instanceof Error) error ??= outcome;
        else count[outcome] += 1;
        if (outcome === 'redriven' && redrive.dryRun !== true) held.delete(message.MessageId ?? '');
      }
    }
  } finally {
    // After an answer that never came, too: what is in hand would stay hidden for two minutes.
    await giveBack(redrive, [...held.values()]);
  }
  return { ...count, ...(error === undefined ? {} : { error }) };
}

type Outcome = 'redriven' | 'left' | 'unreadable' | Error;

async function handle(
  redrive: Redrive,
  message: Message,
  started: number,
): Promise<{ message: Message; outcome: Outcome }> {
  const failure = readFailure(message.Body ?? '');
  if (failure === undefined) return { message, outcome: 'unreadable' };
  const failedAgain = Number(message.Attributes?.SentTimestamp ?? 0) > started;
  if (failedAgain || redrive.matches?.(failure.event) === false) return { message, outcome: 'left' };
  try {
    if (redrive.dryRun !== true) await sendThrough(redrive, failure, message);
  } catch (error) {
    return { message, outcome: error instanceof Error ? error : new Error(String(error)) };
  }
  redrive.onRedriven?.(failure);
  return { message, outcome: 'redriven' };
}

async function sendThrough(
  { sqs, lambda, queueUrl, functionName }: Redrive,
  { event }: Failure,
  { ReceiptHandle }: Message,
): Promise<void> {
  const { StatusCode } = await lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(event)),
    }),
  );
  if (StatusCode !== 202)
    throw new Error(`Lambda answered ${StatusCode ?? 'nothing'} for ${functionName}, not 202: run it again`);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
}

async function receive({ sqs, queueUrl }: Redrive, number: number): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: number,
      VisibilityTimeout: visibilitySeconds,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['SentTimestamp'],
    }),
  );
  return Messages;
}

async function giveBack({ sqs, queueUrl }: Redrive, messages: readonly Message[]): Promise<void> {
  const visible = messages.map(({ ReceiptHandle }) =>
    sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
  );
  // One that fails, because it has become visible already or was deleted by another, needs no giving back.
  await Promise.allSettled(visible);
}

/** Undefined where the message's body holds no failed event. */
export function readFailure(body: string): Failure | undefined {
  try {
    const { timestamp, requestContext, requestPayload, responsePayload } = failureSchema.parse(JSON.parse(body));
    const { condition, approximateInvokeCount } = requestContext;
    return {
      condition,
      attempts: approximateInvokeCount,
      ...(timestamp && { failedAt: timestamp }),
      ...(responsePayload && { reason: oneLine(`${responsePayload.errorType}: ${responsePayload.errorMessage}`) }),
      event: requestPayload,
    };
  } catch {
    return undefined;
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}
