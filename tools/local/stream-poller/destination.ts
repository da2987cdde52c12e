import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Discarded } from './deliver-batch';
import { failureKey, failureRecord, type FailureContext } from './failure-record';

export interface DestinationClients {
  readonly s3: Pick<S3Client, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
}

/** Sends discarded records to the mapping's on-failure destination; without one they are lost, as on AWS. */
export async function sendToDestination(
  { s3, sqs }: DestinationClients,
  discarded: Discarded,
  context: FailureContext,
): Promise<void> {
  const { destination } = context.mapping;
  if (destination === undefined) return;
  const name = destination.split(':').at(-1) ?? '';
  if (destination.includes(':s3:')) {
    const Body = JSON.stringify(failureRecord(discarded, context, true));
    await s3.send(new PutObjectCommand({ Bucket: name, Key: failureKey(context), Body }));
    return;
  }
  if (!destination.includes(':sqs:')) throw new Error(`the local run has no on-failure destination ${destination}`);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  const MessageBody = JSON.stringify(failureRecord(discarded, context, false));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}
