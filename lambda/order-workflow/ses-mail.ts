import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import type { Letter } from './letter';
import { requestLimits } from '../shared/request-limits';

export function connectToSes(): SESv2Client {
  return new SESv2Client(requestLimits);
}

/** Mails a letter. Needs `ses:SendEmail` on the identity of the sender. */
export async function mail(
  client: Pick<SESv2Client, 'send'>,
  sender: string,
  recipient: string,
  { subject, text, html }: Letter,
): Promise<void> {
  const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
  await client.send(
    new SendEmailCommand({
      FromEmailAddress: sender,
      Destination: { ToAddresses: [recipient] },
      Content: { Simple: { Subject: utf8(subject), Body: { Text: utf8(text), Html: utf8(html) } } },
    }),
  );
}
