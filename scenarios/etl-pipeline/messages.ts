import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ScenarioRun } from '../shared/scenario';
import { subscribeQueue } from '../shared/topic-subscription';

/** Subscribes to the reports until the end of the check; the result waits for the message about a key. */
export async function listenToReports(run: ScenarioRun): Promise<(key: string) => Promise<string>> {
  const sqs = new SQSClient({});
  const QueueUrl = await run.step('subscribe a queue to the reports', () =>
    subscribeQueue(run, sqs, run.output('ReportsTopicArn')),
  );
  const received: string[] = [];
  return (key) =>
    run.eventually(`the message about ${key}`, async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      for (const { Body = '', ReceiptHandle } of Messages) {
        received.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return received.find((text) => text.startsWith(key));
    });
}
