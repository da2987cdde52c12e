import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { inLanes } from '../shared/in-lanes';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';
import type { Outgoing } from './orders';

const lanes = 8;

/** Sends in the order given as far as one lane of a FIFO queue goes, and gives the messages' ids. */
export async function sendMessages(
  deployment: Deployment,
  run: ScenarioRun,
  messages: readonly Outgoing[],
): Promise<string[]> {
  const { sqs, ordersQueueUrl: QueueUrl, isFifo } = deployment;
  const batches = chunks(messages, 10);
  const sent = await inLanes([...batches.entries()], isFifo ? 1 : lanes, async ([number, batch]) => {
    const Entries = batch.map(({ body, customerId }, index) => ({
      Id: String(index),
      MessageBody: body,
      ...(isFifo
        ? { MessageGroupId: customerId, MessageDeduplicationId: `${run.runId}-${number}-${index}-${Date.now()}` }
        : {}),
    }));
    const { Successful = [], Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`the queue refused messages: ${JSON.stringify(Failed[0])}`);
    return Entries.map((entry) => Successful.find(({ Id }) => Id === entry.Id)?.MessageId ?? '');
  });
  return sent.flat();
}

/** Waits until nothing is in the queue of orders, neither waiting nor in a function's hands. */
export async function awaitEmptyQueue(run: ScenarioRun, deployment: Deployment, withinSeconds = 600): Promise<void> {
  let emptyLooks = 0;
  await run.eventually(
    'the queue of orders to be empty',
    async () => {
      // SQS counts about: one look proves little.
      emptyLooks = (await messagesIn(deployment, deployment.ordersQueueUrl)) === 0 ? emptyLooks + 1 : 0;
      return emptyLooks >= 2 ? true : undefined;
    },
    { withinSeconds, everyMilliseconds: 1_000 },
  );
}

/** Messages in a queue, about, hidden ones included. */
export async function messagesIn({ sqs }: Deployment, QueueUrl: string): Promise<number> {
  const counts = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const;
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counts] }));
  return counts.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
}

/** The run's own messages in the dead-letter queue, which stay there; a FIFO queue shows one of each group at a time. */
export async function deadLetters(deployment: Deployment, run: ScenarioRun): Promise<Message[]> {
  const { found, show } = await receiveOwn(deployment, run);
  await show();
  return found;
}

/** Takes the run's own messages out of the dead-letter queue. */
export async function removeDeadLetters(deployment: Deployment, run: ScenarioRun): Promise<Message[]> {
  const { sqs, deadLetterQueueUrl: QueueUrl } = deployment;
  const removed: Message[] = [];
  for (;;) {
    const { found, show } = await receiveOwn(deployment, run);
    await inLanes(found, lanes, ({ ReceiptHandle }) => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));
    await show();
    removed.push(...found);
    // A FIFO queue shows a customer's next one only now.
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
    // One that was deleted cannot be shown.
    await Promise.allSettled(visible);
  };
  return { found: [...all.values()].filter(({ Body }) => Body?.includes(runId) === true), show };
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
