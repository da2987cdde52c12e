import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { ScenarioRun } from '../shared/scenario';

/** Subscribes a queue to the changes of a team's requests; returns a function that returns all so far, as `<request id> <revision>`. */
export async function captureEvents(run: ScenarioRun, team: string): Promise<() => Promise<ReadonlySet<string>>> {
  const [events, sqs] = [new EventBridgeClient({}), new SQSClient({})];
  const rule = { Name: `${run.runId}-changes`, EventBusName: run.output('EventBusName') };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: rule.Name }));
  run.cleanUp('the queue of changes', async () => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Resource = Attributes?.['QueueArn'] ?? '';
  const EventPattern = JSON.stringify({ source: ['approval-workflow'], detail: { team: [team] } });
  const { RuleArn } = await events.send(new PutRuleCommand({ ...rule, EventPattern }));
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource,
    Condition: { ArnEquals: { 'aws:SourceArn': RuleArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const target = { Rule: rule.Name, EventBusName: rule.EventBusName };
  await events.send(new PutTargetsCommand({ ...target, Targets: [{ Id: 'queue', Arn: Resource }] }));
  run.cleanUp('the rule of changes', async () => {
    await events.send(new RemoveTargetsCommand({ ...target, Ids: ['queue'] }));
    await events.send(new DeleteRuleCommand(rule));
  });
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
