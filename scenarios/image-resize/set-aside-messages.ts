import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { ScenarioRun } from '../shared/scenario';

/** Reads a queue's messages that contain the text, and leaves all messages in the queue. */
export async function messagesAbout(sqs: SQSClient, queueUrl: string, text: string): Promise<Message[]> {
  const found = new Map<string, Message>();
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 20,
        WaitTimeSeconds: 1,
      }),
    );
    const fresh = Messages.filter(({ MessageId = '' }) => !found.has(MessageId));
    for (const message of Messages) found.set(message.MessageId ?? '', message);
    if (fresh.length === 0) break;
  }
  const visible = [...found.values()].map(({ ReceiptHandle }) =>
    sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
  );
  await Promise.allSettled(visible);
  return [...found.values()].filter(({ Body }) => isAbout(text, Body));
}

/** Removes, after the check, a queue's messages about its photos. */
export function cleanUpMessages(run: ScenarioRun, sqs: SQSClient, queueUrl: string): void {
  run.cleanUp('messages about the photos', async () => {
    for (const { ReceiptHandle } of await messagesAbout(sqs, queueUrl, run.runId)) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  });
}

export function isAbout(text: string, event: unknown): boolean {
  return (typeof event === 'string' ? event : JSON.stringify(event)).includes(text);
}
