import { z } from 'zod';
import type { SentEmail } from '../../scenarios/shared/faults/fault-injector';

/** Emails by account. */
const schema = z.object({
  messages: z.record(
    z.string(),
    z.array(
      z.object({
        Source: z.string(),
        To: z.array(z.string()),
        CC: z.array(z.string()),
        BCC: z.array(z.string()),
        Subject: z.string(),
        BodyText: z.string(),
      }),
    ),
  ),
});

/** Reads the emails that the emulator's SES has sent, one for each recipient. */
export async function readSentEmails(endpoint: string): Promise<SentEmail[]> {
  const response = await fetch(`${endpoint}/_ministack/ses/messages`);
  const { messages } = schema.parse(await response.json());
  return Object.values(messages)
    .flat()
    .flatMap(({ Source: sender, Subject: subject, BodyText: text, To, CC, BCC }) =>
      [...To, ...CC, ...BCC].map((recipient) => ({ recipient, sender, subject, text })),
    );
}
