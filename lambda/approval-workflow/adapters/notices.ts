import { SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

export type Notices =
  | { readonly ses: Pick<SESv2Client, 'send'>; readonly sender: string }
  | { readonly sns: Pick<SNSClient, 'send'>; readonly topicArn: string };

/**
 * Sends a mail to one person: by SES from the sender, or on the topic with the address as an attribute, by which subscriptions
 * filter. Needs `ses:SendEmail` or `sns:Publish`.
 */
export async function sendMail(notices: Notices, recipient: string, { subject, text }: Mail): Promise<void> {
  if ('sns' in notices) {
    const MessageAttributes = { recipient: { DataType: 'String', StringValue: recipient } };
    const message = { TopicArn: notices.topicArn, Subject: subject, Message: text, MessageAttributes };
    await notices.sns.send(new PublishCommand(message));
    return;
  }
  const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
  await notices.ses.send(
    new SendEmailCommand({
      FromEmailAddress: notices.sender,
      Destination: { ToAddresses: [recipient] },
      Content: { Simple: { Subject: utf8(subject), Body: { Text: utf8(text) } } },
    }),
  );
}
