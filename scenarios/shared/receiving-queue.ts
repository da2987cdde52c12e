import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { ScenarioRun } from './scenario';

/** Creates a queue that one source of a service may send to, and that is deleted at the end of the check. */
export async function createReceivingQueue(
  run: ScenarioRun,
  sqs: SQSClient,
  {
    name,
    service,
    sourceArn,
  }: { readonly name: string; readonly service: string; readonly sourceArn: string | undefined },
): Promise<{ readonly queueUrl: string; readonly queueArn: string }> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  run.cleanUp(`the queue ${name}`, async () => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const queueArn = Attributes?.['QueueArn'] ?? '';
  const statement = {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  return { queueUrl: QueueUrl, queueArn };
}
