import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { InvalidReadingError, parseJson, parseReadings } from '../../lambda/stream-processor/reading';

export interface Redrive {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly dryRun: boolean;
  readonly maximum: number;
  /** Waits after each message, so that no more are sent in a second than asked for. */
  readonly wait: () => Promise<unknown>;
  readonly signal: AbortSignal;
}

export interface RedriveResult {
  /** Messages that were sent to the queue and deleted; in a dry run, those that would be. */
  readonly redriven: number;
  /** Messages that hold no readings; they stay. */
  readonly malformed: number;
}

/** Time for which received messages are hidden, in seconds. */
const hiddenSeconds = 120;

/**
 * Sends dead letters to the queue again: messages that came from it, and events of asynchronous invocations that failed.
 *
 * A message is deleted only once the queue has it: at worst, a reading is sent twice, which changes nothing.
 */
export async function redriveDeadLetters(redrive: Redrive): Promise<RedriveResult> {
  const { sqs, queueUrl, deadLetterQueueUrl: QueueUrl, dryRun, maximum, wait, signal } = redrive;
  const kept = new Map<string, Message>();
  let redriven = 0;
  let malformed = 0;
  try {
    while (!signal.aborted && redriven < maximum) {
      const fresh = (await receive(redrive)).filter(({ MessageId = '' }) => !kept.has(MessageId));
      if (fresh.length === 0) break;
      for (const message of fresh) {
        const body = readingsOf(message.Body ?? '');
        const isSent = body !== undefined && redriven < maximum;
        if (body === undefined) malformed += 1;
        if (isSent) redriven += 1;
        if (isSent && !dryRun) {
          await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
          await wait();
        } else kept.set(message.MessageId ?? '', message);
      }
    }
  } finally {
    for (const { ReceiptHandle } of kept.values()) {
      const visible = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
      await sqs.send(new ChangeMessageVisibilityCommand(visible)).catch(() => undefined);
    }
  }
  return { redriven, malformed };
}

async function receive({ sqs, deadLetterQueueUrl }: Redrive): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: deadLetterQueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: 2,
    }),
  );
  return Messages;
}

/** Returns the text of the readings in a dead letter, or undefined if it holds none. */
export function readingsOf(body: string): string | undefined {
  try {
    const input = parseJson(body);
    const event = isFailedEvent(input) ? input.requestPayload : input;
    parseReadings(event);
    return JSON.stringify(event);
  } catch (error) {
    if (error instanceof InvalidReadingError) return undefined;
    throw error;
  }
}

/** Record of an asynchronous invocation that failed: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function isFailedEvent(input: unknown): input is { readonly requestPayload: unknown } {
  return typeof input === 'object' && input !== null && 'requestPayload' in input;
}
