import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { subscribeQueueToBus } from '../shared/bus-subscription';
import type { ScenarioRun } from '../shared/scenario';

/** Subscribes a queue to the changes of a team's requests; returns a function that returns all so far, as `<request id> <revision>`. */
export async function captureEvents(run: ScenarioRun, team: string): Promise<() => Promise<ReadonlySet<string>>> {
  const sqs = new SQSClient({});
  const pattern = { source: ['approval-workflow'], detail: { team: [team] } };
  const QueueUrl = await subscribeQueueToBus(run, sqs, { name: 'changes', pattern });
  const seen = new Set<string>();
  return async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return seen;
      for (const { Body = '{}' } of Messages) {
        const { detail } = JSON.parse(Body) as { detail: { requestId: string; revision: number } };
        seen.add(`${detail.requestId} ${detail.revision}`);
      }
    }
  };
}
