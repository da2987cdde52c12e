import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Message } from '../report';

/** Needs `sns:Publish`. */
export async function publish(
  client: Pick<SNSClient, 'send'>,
  topicArn: string,
  { subject, message }: Message,
): Promise<void> {
  await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: message }));
}
