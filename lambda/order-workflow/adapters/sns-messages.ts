import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

/** Publishes a JSON message. Needs `sns:Publish`. */
export async function publish(
  { client, topicArn }: { readonly client: Pick<SNSClient, 'send'>; readonly topicArn: string },
  subject: string,
  message: object,
): Promise<void> {
  await client.send(
    new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: JSON.stringify(message, null, 2) }),
  );
}
