import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Message } from '../report';

/** Publishes a message; subscribers filter by its attributes. Needs `sns:Publish`. */
export async function publish(client: SNSClient, topicArn: string, message: Message): Promise<void> {
  const attributes = Object.entries(message.attributes).map(([name, value]) => [
    name,
    { DataType: 'String', StringValue: value === '' ? 'none' : value },
  ]);
  await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: message.subject,
      Message: message.text,
      MessageAttributes: Object.fromEntries(attributes) as Record<string, { DataType: string; StringValue: string }>,
    }),
  );
}
