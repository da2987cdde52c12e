import {
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
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
export async function startConsumer(run: ScenarioRun, { events, sqs, eventBusName }: Deployment): Promise<Consumer> {
  const name = `${run.runId}-consumer`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  run.cleanUp('the queue of the consumer', async () => void (await sqs.send(new DeleteQueueCommand({ QueueUrl }))));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const queueArn = Attributes?.['QueueArn'] ?? '';
  const pattern = { source: ['stream-processor'], detail: { accountId: [{ prefix: run.runId }] } };
  const rule = { Name: name, EventBusName: eventBusName };
  const { RuleArn } = await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(pattern) }));
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': RuleArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await events.send(
    new PutTargetsCommand({ Rule: name, EventBusName: eventBusName, Targets: [{ Id: 'queue', Arn: queueArn }] }),
  );
  run.cleanUp('the rule of the consumer', async () => {
    await events.send(new RemoveTargetsCommand({ Rule: name, EventBusName: eventBusName, Ids: ['queue'] }));
    await events.send(new DeleteRuleCommand(rule));
  });
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
