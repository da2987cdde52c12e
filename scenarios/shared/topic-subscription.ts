import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { ScenarioRun } from './scenario';

/** Creates a queue that receives the topic's messages and is deleted at the end; returns its URL. */
export async function subscribeQueue(run: ScenarioRun, sqs: SQSClient, topicArn: string): Promise<string> {
  const sns = new SNSClient({});
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${run.runId}-alarm` }));
  run.cleanUp('the queue of the alarm', async () => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Endpoint = Attributes?.['QueueArn'] ?? '';
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: Endpoint,
    Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint,
      Attributes: { RawMessageDelivery: 'true' },
      ReturnSubscriptionArn: true,
    }),
  );
  run.cleanUp('the subscription to the topic', async () => {
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  });
  return QueueUrl;
}
