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
  /** Largest number of messages to redrive. @default no limit */
  readonly maximum?: number;
  /** Reads every message and changes nothing. @default false */
  readonly dryRun?: boolean;
  /** Selects the events to redrive. @default every event */
  readonly matches?: (event: unknown) => boolean;
  /** Called for each message that was redriven, or would be in a dry run. */
  readonly onRedriven?: (failure: Failure) => void;
  /** Stops the redrive after the current batch; messages that were received and not redriven return to the queue. */
  readonly signal?: AbortSignal;
}

/** A failed event as Lambda's on-failure destination describes it. */
export interface Failure {
  /** Lambda's reason, such as `RetriesExhausted` or `EventAgeExceeded`. */
  readonly condition: string;
  /** Absent where the function itself set the event aside. */
  readonly attempts?: number;
  /** When it was set aside, where the record says so. */
  readonly failedAt?: Date;
  /** Last error of the function, in one line; absent if it never ran, as with an event that exceeded its age. */
  readonly reason?: string;
  readonly event: unknown;
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

/** Fields of Lambda's destination record that a redrive uses; the event is passed on as it is. */
const failureSchema = z.object({
  timestamp: z.coerce.date().optional().catch(undefined),
  responsePayload: z
    .object({ errorType: z.string().default('Error'), errorMessage: z.string().default('') })
    .optional()
    .catch(undefined),
  requestContext: z.object({ condition: z.string(), approximateInvokeCount: z.number().optional() }),
  requestPayload: z.unknown().refine((event) => event !== undefined),
});

/** Visibility timeout of received messages, in seconds: far longer than the redrive of a batch takes. */
const visibilitySeconds = 120;
/** Long polling, in seconds: it queries all servers of the queue, so an empty response means an empty queue. */
const waitSeconds = 2;
/** SQS's limit of messages in one receive. */
const batchSize = 10;

/**
 * Invokes the function asynchronously with each failed event, like the first time, and deletes a message only once Lambda
 * has accepted its event. Events that fail again return as new messages, which are left in the queue.
 */
export async function redriveFailures(redrive: Redrive): Promise<RedriveResult> {
  const started = Date.now();
  const count = { redriven: 0, left: 0, unreadable: 0 };
  const received = new Map<string, Message>();
  const maximum = redrive.maximum ?? Infinity;
  let error: Error | undefined;
  try {
    while (count.redriven < maximum && redrive.signal?.aborted !== true && error === undefined) {
      const messages = await receive(redrive, Math.min(batchSize, maximum - count.redriven));
      const fresh = messages.filter(({ MessageId = '' }) => !received.has(MessageId));
      for (const message of messages) received.set(message.MessageId ?? '', message);
      if (fresh.length === 0) break;
      const outcomes = await Promise.all(fresh.map((message) => redriveMessage(redrive, message, started)));
      for (const { message, outcome } of outcomes) {
        if (outcome instanceof Error) error ??= outcome;
        else count[outcome] += 1;
        if (outcome === 'redriven' && redrive.dryRun !== true) received.delete(message.MessageId ?? '');
      }
    }
  } finally {
    // Also after an error: received messages would stay hidden for two minutes.
    await makeVisible(redrive, [...received.values()]);
  }
  return { ...count, ...(error === undefined ? {} : { error }) };
}

type Outcome = 'redriven' | 'left' | 'unreadable' | Error;

async function redriveMessage(
  redrive: Redrive,
  message: Message,
  started: number,
): Promise<{ message: Message; outcome: Outcome }> {
  const failure = readFailure(message.Body ?? '');
  if (failure === undefined) return { message, outcome: 'unreadable' };
  const failedAgain = Number(message.Attributes?.SentTimestamp ?? 0) > started;
  if (failedAgain || redrive.matches?.(failure.event) === false) return { message, outcome: 'left' };
  try {
    if (redrive.dryRun !== true) await invokeAgain(redrive, failure, message);
  } catch (error) {
    return { message, outcome: error instanceof Error ? error : new Error(String(error)) };
  }
  redrive.onRedriven?.(failure);
  return { message, outcome: 'redriven' };
}

async function invokeAgain(
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
    throw new Error(`expected status 202 from ${functionName}, got ${StatusCode ?? 'none'}: run the redrive again`);
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

async function makeVisible({ sqs, queueUrl }: Redrive, messages: readonly Message[]): Promise<void> {
  const requests = messages.map(({ ReceiptHandle }) =>
    sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
  );
  // A request that fails is for a message that is visible already or was deleted by another redrive.
  await Promise.allSettled(requests);
}

/** Returns the failed event in a message's body, or undefined if there is none. */
export function readFailure(body: string): Failure | undefined {
  try {
    const { timestamp, requestContext, requestPayload, responsePayload } = failureSchema.parse(JSON.parse(body));
    const { condition, approximateInvokeCount } = requestContext;
    return {
      condition,
      ...(approximateInvokeCount !== undefined && { attempts: approximateInvokeCount }),
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
