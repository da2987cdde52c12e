import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { lineOf, type Notice } from '../notice';

/** Publishes a notice: mail gets a line, the queues of webhooks get the notice as JSON. Needs `sns:Publish`. */
export async function publishNotice(
  client: Pick<SNSClient, 'send'>,
  TopicArn: string,
  notice: Notice,
  abortSignal: AbortSignal,
): Promise<void> {
  const Message = JSON.stringify({ default: lineOf(notice), sqs: JSON.stringify(notice) });
  const request = { TopicArn, Subject: 'Resources created', Message, MessageStructure: 'json' };
  await client.send(new PublishCommand(request), { abortSignal });
}
