import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { setTimeout as wait } from 'node:timers/promises';
import { refusals } from '../../lambda/document-renderer/render-errors';

/** Reason of a request that failed too often, which carries none: the function's log has it. */
const failedTooOften = 'failed-too-often';

export const redriveReasons: readonly string[] = [...refusals, failedTooOften];

export interface FailedRequest {
  readonly reason: string;
  readonly ageSeconds: number;
}

export interface Redrive {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly failuresQueueUrl: string;
  readonly rendersQueueUrl: string;
  readonly dryRun: boolean;
  readonly maximum: number;
  readonly perSecond: number;
  readonly matches: (request: FailedRequest) => boolean;
  /** Stops after the current message. */
  readonly signal: AbortSignal;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  readonly now?: () => number;
}

export interface RedriveResult {
  /** Requests that were sent, or would be in a dry run. */
  readonly sent: number;
  readonly left: number;
  /** Number of messages that were seen, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Error that ended the redrive early; its message is still in the queue. */
  readonly error?: Error;
}

/** Longer than a redrive of some thousand messages takes: none is received twice. Those that stay become visible at the end. */
const visibilitySeconds = 900;
/** One empty receive may be wrong: a message may be on its way to being visible. */
const emptyReceivesAtTheEnd = 2;

/**
 * Sends failed requests to be rendered again, and deletes each only once Renders has it. A request that is sent twice is
 * rendered once. Those that fail again meanwhile are left.
 */
export async function redriveRequests(redrive: Redrive): Promise<RedriveResult> {
  const { sqs, failuresQueueUrl: QueueUrl, maximum, dryRun, now = Date.now } = redrive;
  const started = now();
  const reasons: Record<string, number> = {};
  const kept: Message[] = [];
  let sent = 0;
  let error: Error | undefined;
  try {
    for (let empty = 0; empty < emptyReceivesAtTheEnd && sent < maximum && !isStopped(redrive);) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(10, maximum - sent),
          VisibilityTimeout: visibilitySeconds,
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['reason'],
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      empty = Messages.length === 0 ? empty + 1 : 0;
      for (const message of Messages) {
        const request = failedRequest(message, now());
        reasons[request.reason] = (reasons[request.reason] ?? 0) + 1;
        const isOld = Number(message.Attributes?.SentTimestamp ?? 0) <= started;
        if (isStopped(redrive) || !isOld || !redrive.matches(request)) {
          kept.push(message);
          continue;
        }
        if (dryRun) kept.push(message);
        else await sendAgain(redrive, message);
        sent += 1;
      }
    }
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  }
  for (const { ReceiptHandle } of kept) {
    const visible = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    // One that fails is visible already, or was deleted by another redrive.
    await sqs.send(visible).catch(() => undefined);
  }
  return { sent, left: dryRun ? kept.length - sent : kept.length, reasons, ...(error === undefined ? {} : { error }) };
}

/** The signal aborts between two calls, which the compiler does not know. */
function isStopped({ signal }: Redrive): boolean {
  return signal.aborted;
}

async function sendAgain(redrive: Redrive, { Body, ReceiptHandle }: Message): Promise<void> {
  const { sqs, rendersQueueUrl, failuresQueueUrl, perSecond, sleep = wait } = redrive;
  await Promise.all([
    sqs.send(new SendMessageCommand({ QueueUrl: rendersQueueUrl, MessageBody: Body })),
    sleep(1_000 / perSecond),
  ]);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: failuresQueueUrl, ReceiptHandle }));
}

function failedRequest({ MessageAttributes, Attributes }: Message, now: number): FailedRequest {
  return {
    reason: MessageAttributes?.['reason']?.StringValue ?? failedTooOften,
    ageSeconds: (now - Number(Attributes?.SentTimestamp ?? now)) / 1_000,
  };
}
