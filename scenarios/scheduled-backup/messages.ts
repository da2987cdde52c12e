import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ScenarioRun } from '../shared/scenario';
import { subscribeQueue } from '../shared/topic-subscription';

/** Waits for the next message to the topic with a beginning, and returns its text. */
export type NextMessage = (beginning: string) => Promise<string>;

/** Subscribes to the topic of the stack until the end of the check. */
export async function listenToTopic(run: ScenarioRun): Promise<NextMessage> {
  const sqs = new SQSClient({});
  const QueueUrl = await run.step('subscribe a queue to the topic', () =>
    subscribeQueue(run, sqs, run.output('AlarmTopicArn')),
  );
  const received: string[] = [];
  return (beginning) =>
    run.eventually(`the message '${beginning}…'`, async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      for (const { Body = '', ReceiptHandle } of Messages) {
        received.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      const index = received.findIndex((text) => text.startsWith(beginning));
      return index < 0 ? undefined : received.splice(index, 1)[0];
    });
}

/** Asserts that a message has a number of objects, their bytes and a duration. */
export function assertCounts(run: ScenarioRun, text: string, counts: string, bytes: number): void {
  const [, actualCounts, actualBytes] = /^(.*) \((\d+) bytes\)/m.exec(text) ?? [];
  run.assert(
    actualCounts === counts && Number(actualBytes) === bytes,
    `the message has ${counts} and ${bytes} bytes`,
    text,
  );
  run.assert(/, in \d+ s\.$/m.test(text), 'the message has the duration', text);
}
