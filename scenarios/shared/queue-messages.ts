import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Returns the approximate number of messages in a queue, hidden ones included. */
export async function messagesIn({ sqs }: { readonly sqs: SQSClient }, QueueUrl: string): Promise<number> {
  const counts = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const;
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counts] }));
  return counts.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
}
