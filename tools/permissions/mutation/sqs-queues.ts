import { GetQueueUrlCommand, PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../local/client-settings';

/** Empties queues, so that messages of a check that failed halfway do not reach the next one. */
export async function purgeQueues(names: readonly string[], endpoint: string, certificate: string): Promise<void> {
  const sqs = new SQSClient(clientSettings(endpoint, certificate));
  for (const QueueName of names) {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }
}
