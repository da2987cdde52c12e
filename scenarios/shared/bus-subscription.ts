import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createReceivingQueue } from './receiving-queue';
import type { ScenarioRun } from './scenario';

/**
 * Subscribes a queue to events of the stack's bus until the end of the check; returns its URL.
 *
 * @param name of the queue and its rule, after the run's id
 */
export async function subscribeQueueToBus(
  run: ScenarioRun,
  sqs: SQSClient,
  { name, pattern }: { readonly name: string; readonly pattern: object },
): Promise<string> {
  const events = new EventBridgeClient({});
  const rule = { Name: `${run.runId}-${name}`, EventBusName: run.output('EventBusName') };
  const target = { Rule: rule.Name, EventBusName: rule.EventBusName };
  const { RuleArn } = await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(pattern) }));
  run.cleanUp(`the rule ${rule.Name}`, async () => {
    await events.send(new RemoveTargetsCommand({ ...target, Ids: ['queue'] }));
    await events.send(new DeleteRuleCommand(rule));
  });
  const { queueUrl, queueArn } = await createReceivingQueue(run, sqs, {
    name: rule.Name,
    service: 'events.amazonaws.com',
    sourceArn: RuleArn,
  });
  await events.send(new PutTargetsCommand({ ...target, Targets: [{ Id: 'queue', Arn: queueArn }] }));
  return queueUrl;
}
