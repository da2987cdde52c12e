import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { subscribeQueueToBus } from '../shared/bus-subscription';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';

/** Event of an account, as a consumer receives it. */
export interface ReceivedEvent {
  readonly id: string;
  readonly accountId: string;
  readonly version: number;
  readonly balance: string;
}

/** Consumer of the account events of a run, which deduplicates by id. */
export interface Consumer {
  /** Receives what there is, and returns all events so far by their id. */
  readonly receive: () => Promise<ReadonlyMap<string, ReceivedEvent>>;
  /** Number of events that came again. */
  readonly repeated: () => number;
}

/** Subscribes a queue to the events of the accounts whose ids begin with the run's. */
export async function startConsumer(run: ScenarioRun, { sqs }: Deployment): Promise<Consumer> {
  const pattern = { source: ['stream-processor'], detail: { accountId: [{ prefix: run.runId }] } };
  const QueueUrl = await subscribeQueueToBus(run, sqs, { name: 'consumer', pattern });
  const seen = new Map<string, ReceivedEvent>();
  let received = 0;
  const receive = async (): Promise<ReadonlyMap<string, ReceivedEvent>> => {
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return seen;
      received += Messages.length;
      for (const { Body = '{}' } of Messages) {
        const { detail } = JSON.parse(Body) as { detail: ReceivedEvent };
        seen.set(detail.id, detail);
      }
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  return { receive, repeated: () => received - seen.size };
}
