import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';

export interface Redrive {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly deadLettersUrl: string;
  readonly queueUrl: string;
  /** Largest number of messages to redrive. @default no limit */
  readonly maximum?: number;
  /** Reads every message and changes nothing. @default false */
  readonly dryRun?: boolean;
  /** Called for each ended execution that was redriven, or would be in a dry run. */
  readonly onRedriven?: (execution: EndedExecution) => void;
  /** Stops the redrive after the current batch. */
  readonly signal?: AbortSignal;
}

export interface EndedExecution {
  readonly name: string;
  readonly status: string;
}

export interface RedriveResult {
  /** Ended executions that were sent to be recorded again, and deleted; in a dry run, those that would be. */
  readonly redriven: number;
  /** Failed counts of waiting orders: deleted, since each count replaces the one before. */
  readonly outdated: number;
  /** Messages of other content, left in the queue. */
  readonly unreadable: number;
}

const eventSchema = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({ name: z.string(), status: z.string() }),
});
/** Event of the schedule that EventBridge could not deliver, or Lambda's record of a failed invocation by it. */
const scheduleSchema = z.object({ 'detail-type': z.literal('Scheduled Event') });
const countSchema = z.union([scheduleSchema, z.object({ requestPayload: scheduleSchema })]);

const visibilitySeconds = 120;

/**
 * Sends ended executions from the dead-letter queue to the queue that records them, and deletes a message once that is done.
 *
 * `StartMessageMoveTask` moves only messages that SQS put into a dead-letter queue, but here EventBridge and Lambda do too:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export async function redriveEndedExecutions(redrive: Redrive): Promise<RedriveResult> {
  const { maximum = Infinity, signal } = redrive;
  const counts = { redriven: 0, outdated: 0, unreadable: 0 };
  const left: Message[] = [];
  const seen = new Set<string>();
  try {
    while (counts.redriven < maximum && signal?.aborted !== true) {
      const messages = await receive(redrive, Math.min(10, maximum - counts.redriven));
      const fresh = messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
      left.push(...messages);
      if (fresh.length === 0) break;
      for (const message of fresh) {
        seen.add(message.MessageId ?? '');
        const outcome = await redriveMessage(redrive, message);
        counts[outcome] += 1;
        if (outcome !== 'unreadable' && redrive.dryRun !== true) left.splice(left.indexOf(message), 1);
      }
    }
    return counts;
  } finally {
    // Received messages would stay hidden for two minutes.
    await Promise.allSettled(left.map((message) => makeVisible(redrive, message)));
  }
}

async function redriveMessage(redrive: Redrive, message: Message): Promise<keyof RedriveResult> {
  const body = parseJson(message.Body ?? '');
  const ended = eventSchema.safeParse(body);
  if (!ended.success && !countSchema.safeParse(body).success) return 'unreadable';
  const { sqs, queueUrl, deadLettersUrl, dryRun = false, onRedriven } = redrive;
  if (!dryRun) {
    const MessageBody = message.Body;
    if (ended.success) await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle: message.ReceiptHandle }));
  }
  if (!ended.success) return 'outdated';
  onRedriven?.(ended.data.detail);
  return 'redriven';
}

async function receive({ sqs, deadLettersUrl }: Redrive, number: number): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: deadLettersUrl,
      MaxNumberOfMessages: number,
      VisibilityTimeout: visibilitySeconds,
      // Long polling queries all servers of the queue, so an empty response means an empty queue.
      WaitTimeSeconds: 2,
    }),
  );
  return Messages;
}

async function makeVisible({ sqs, deadLettersUrl }: Redrive, { ReceiptHandle }: Message): Promise<void> {
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: deadLettersUrl, ReceiptHandle, VisibilityTimeout: 0 }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
