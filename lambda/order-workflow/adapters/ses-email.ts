import { SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import type { Email } from '../email';
import { toAsciiAddress } from '../email-address';

/** Sends an email to one recipient. Needs `ses:SendEmail` on the sender's identity. */
export async function sendEmail(
  { client, sender }: { readonly client: Pick<SESv2Client, 'send'>; readonly sender: string },
  recipient: string,
  { subject, text, html }: Email,
): Promise<void> {
  const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
  await client.send(
    new SendEmailCommand({
      FromEmailAddress: sender,
      Destination: { ToAddresses: [toAsciiAddress(recipient) ?? recipient] },
      Content: { Simple: { Subject: utf8(subject), Body: { Text: utf8(text), Html: utf8(html) } } },
    }),
  );
}
