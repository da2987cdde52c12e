import { GetQueueUrlCommand, PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../local/client-settings';

/** Empties queues: what a check left behind that failed half-way is no other check's to find. */
export async function purgeQueues(names: readonly string[], endpoint: string, certificate: string): Promise<void> {
  const sqs = new SQSClient(clientSettings(endpoint, certificate));
  for (const QueueName of names) {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }
}
