import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ScenarioRun } from '../shared/scenario';
import { subscribeQueue } from '../shared/topic-subscription';

/** Waits for the next message to the topic that begins so, and gives its text. */
export type Hear = (beginning: string) => Promise<string>;

/** Listens to the stack's topic until the end of the check. */
export async function listen(run: ScenarioRun): Promise<Hear> {
  const sqs = new SQSClient({});
  const QueueUrl = await run.step('subscribe a queue to the topic', () =>
    subscribeQueue(run, sqs, run.output('AlarmTopicArn')),
  );
  const heard: string[] = [];
  return (beginning) =>
    run.eventually(
      `the message '${beginning}…'`,
      async () => {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
        );
        for (const { Body = '', ReceiptHandle } of Messages) {
          heard.push(Body);
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
        const index = heard.findIndex((text) => text.startsWith(beginning));
        return index < 0 ? undefined : heard.splice(index, 1)[0];
      },
      { withinSeconds: 60 },
    );
}

/** Holds a message to a number of objects, their bytes and a duration. */
export function assertCounts(run: ScenarioRun, text: string, counts: string, bytes: number): void {
  const [, counted, told] = /^(.*) \((\d+) bytes\)/m.exec(text) ?? [];
  run.assert(counted === counts && Number(told) === bytes, `the topic is told of ${counts}, and their bytes`, text);
  run.assert(/, in \d+ s\.$/m.test(text), 'and how long it took', text);
}
