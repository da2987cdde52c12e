import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { messagesIn } from '../shared/queue-messages';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';
import type { Outgoing } from './orders';

const concurrency = 8;

/** Sends messages, to a FIFO queue one batch after the other to keep their order, and returns their ids. */
export async function sendMessages(
  deployment: Deployment,
  run: ScenarioRun,
  messages: readonly Outgoing[],
): Promise<string[]> {
  const { sqs, ordersQueueUrl: QueueUrl, isFifo } = deployment;
  const batches = chunks(messages, 10);
  const send = async ([number, batch]: [number, Outgoing[]]): Promise<string[]> => {
    const Entries = batch.map(({ body, customerId, fairGroup }, index) => ({
      Id: String(index),
      MessageBody: body,
      ...(isFifo
        ? { MessageGroupId: customerId, MessageDeduplicationId: `${run.runId}-${number}-${index}-${Date.now()}` }
        : fairGroup === undefined
          ? {}
          : { MessageGroupId: fairGroup }),
    }));
    const { Successful = [], Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`the queue refused messages: ${JSON.stringify(Failed[0])}`);
    return Entries.map((entry) => Successful.find(({ Id }) => Id === entry.Id)?.MessageId ?? '');
  };
  const sent = await pMap(batches.entries(), send, { concurrency: isFifo ? 1 : concurrency });
  return sent.flat();
}

/** Waits until the queue Orders has neither visible nor hidden messages. */
export async function awaitEmptyQueue(run: ScenarioRun, deployment: Deployment, withinSeconds = 600): Promise<void> {
  let emptyCounts = 0;
  await run.eventually(
    'the queue Orders to be empty',
    async () => {
      // Counts of SQS are approximate: one proves little.
      emptyCounts = (await messagesIn(deployment, deployment.ordersQueueUrl)) === 0 ? emptyCounts + 1 : 0;
      return emptyCounts >= 2 ? true : undefined;
    },
    { withinSeconds, everyMilliseconds: 1_000 },
  );
}

/** Returns the run's dead letters and leaves them there; a FIFO queue returns one of each group at a time. */
export async function deadLetters(deployment: Deployment, run: ScenarioRun): Promise<Message[]> {
  const { found, show } = await receiveOwn(deployment, run);
  await show();
  return found;
}

/** Deletes the run's dead letters and returns them. */
export async function removeDeadLetters(deployment: Deployment, run: ScenarioRun): Promise<Message[]> {
  const { sqs, deadLetterQueueUrl: QueueUrl } = deployment;
  const removed: Message[] = [];
  for (;;) {
    const { found, show } = await receiveOwn(deployment, run);
    const remove = ({ ReceiptHandle }: Message) => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    await pMap(found, remove, { concurrency });
    await show();
    removed.push(...found);
    // A FIFO queue returns a customer's next message only now.
    if (found.length === 0 || !deployment.isFifo) return removed;
  }
}

async function receiveOwn({ sqs, deadLetterQueueUrl: QueueUrl }: Deployment, { runId }: ScenarioRun) {
  const all = new Map<string, Message>();
  for (let empty = 0; empty < 2;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 30, WaitTimeSeconds: 1 }),
    );
    empty = Messages.some(({ MessageId = '' }) => !all.has(MessageId)) ? 0 : empty + 1;
    for (const message of Messages) all.set(message.MessageId ?? '', message);
  }
  const show = async (): Promise<void> => {
    const visible = [...all.values()].map(({ ReceiptHandle }) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
    );
    // A deleted message cannot be made visible.
    await Promise.allSettled(visible);
  };
  return { found: [...all.values()].filter(({ Body }) => Body?.includes(runId) === true), show };
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
