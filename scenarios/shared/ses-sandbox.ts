import {
  CreateEmailIdentityCommand,
  DeleteEmailIdentityCommand,
  PutAccountDetailsCommand,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import type { ScenarioRun } from './scenario';

/** Verifies an address or a domain until the end of the check. The local SES needs no click on a link. */
export async function verifyIdentity(run: ScenarioRun, ses: SESv2Client, EmailIdentity: string): Promise<void> {
  await ses.send(new CreateEmailIdentityCommand({ EmailIdentity }));
  run.cleanUp(`the identity ${EmailIdentity}`, async () => {
    await ses.send(new DeleteEmailIdentityCommand({ EmailIdentity }));
  });
}

/** Puts the account into the sandbox of SES until the end of the check: it sends to verified recipients only. */
export async function useSesSandbox(run: ScenarioRun, ses: SESv2Client): Promise<void> {
  const details = { MailType: 'TRANSACTIONAL', WebsiteURL: 'https://example.com' } as const;
  const set = (ProductionAccessEnabled: boolean) =>
    ses.send(new PutAccountDetailsCommand({ ...details, ProductionAccessEnabled }));
  run.cleanUp('production access of SES', async () => {
    await set(true);
  });
  await set(false);
}
