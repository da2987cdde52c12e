import {
  EventBridgeClient,
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { ScenarioRun } from '../shared/scenario';

/**
 * Subscribes to the stack's topics and its event bus until the end of the check.
 *
 * @returns a function that returns all messages and events received so far
 */
export async function captureMessages(run: ScenarioRun): Promise<() => Promise<string[]>> {
  const sqs = new SQSClient({});
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${run.runId}-capture` }));
  run.cleanUp('the capture queue', async () => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const queueArn = Attributes?.['QueueArn'] ?? '';
  const statement = {
    Effect: 'Allow',
    Principal: { Service: ['sns.amazonaws.com', 'events.amazonaws.com'] },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await subscribeToTopics(run, queueArn);
  await subscribeToBus(run, queueArn);

  const received: string[] = [];
  return async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      if (Messages.length === 0) return received;
      for (const { Body = '', ReceiptHandle } of Messages) {
        received.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
}

async function subscribeToTopics(run: ScenarioRun, Endpoint: string): Promise<void> {
  const sns = new SNSClient({});
  for (const topic of ['ApprovalsTopicArn', 'ConfirmationsTopicArn', 'AlarmTopicArn']) {
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ TopicArn: run.output(topic), Protocol: 'sqs', Endpoint, ReturnSubscriptionArn: true }),
    );
    run.cleanUp(`the subscription to ${topic}`, async () => {
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    });
  }
}

async function subscribeToBus(run: ScenarioRun, Arn: string): Promise<void> {
  const events = new EventBridgeClient({});
  const bus = { EventBusName: run.output('EventBusName') };
  const name = `${run.runId}-capture`;
  const EventPattern = JSON.stringify({ source: ['order-workflow'] });
  await events.send(new PutRuleCommand({ ...bus, Name: name, EventPattern }));
  run.cleanUp('the capture rule', async () => {
    await events.send(new RemoveTargetsCommand({ ...bus, Rule: name, Ids: ['capture'] }));
    await events.send(new DeleteRuleCommand({ ...bus, Name: name }));
  });
  await events.send(new PutTargetsCommand({ ...bus, Rule: name, Targets: [{ Id: 'capture', Arn }] }));
}
