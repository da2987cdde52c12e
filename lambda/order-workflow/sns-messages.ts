import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { requestLimits } from '../shared/request-limits';

export function connectToSns(): SNSClient {
  return new SNSClient(requestLimits);
}

/** Publishes a JSON message. Needs `sns:Publish`. */
export async function publish(
  client: Pick<SNSClient, 'send'>,
  topicArn: string,
  subject: string,
  message: object,
): Promise<void> {
  await client.send(
    new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: JSON.stringify(message, null, 2) }),
  );
}
