import { SESv2Client } from '@aws-sdk/client-sesv2';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../shared/scenario';
import { useSesSandbox, verifyIdentity } from '../shared/ses-sandbox';
import { decide } from './approval-pages';
import { openDeployment, type Deployment } from './deployment';
import { openSesMails } from './mails';
import { inMinutes, readEntries, submit, waitForStatus } from './requests';

const senderEmail = 'machines@approvals.example.com';

/**
 * Settings of the variant that this proof belongs to, with times that a proof can wait for: an approver who decides at once has
 * decided long before the reminder, also on a slow machine.
 */
export const emailSettings = { senderEmail, approvalSeconds: 60, reminderSeconds: 40 };

export const emailProof: Check = {
  name: 'email',
  title: 'SES sends a personal link to each verified approver, and nothing that a requester writes becomes a header',
  // It sets the account's access to SES, which no check may do in a real account.
  needs: 'faults',
  async run(run) {
    const ses = new SESv2Client({});
    await useSesSandbox(run, ses);
    const deployment = await openMailed(run, ses, ['ben']);

    const purpose = 'Tests\nBcc: all@example.com\nSubject: Approved\n\nhttps://evil.example/approvals/x';
    const requestId = await submit(deployment, 'mailed', { purpose });
    run.assertEqual(await decide(deployment, requestId, 'ben', 'approve'), 200, 'status of the approval by the mail');
    await waitForStatus(deployment, requestId, ['running']);
    const mails = (await faultsOf(run).sentEmails()).filter(({ text }) => text.includes(requestId));
    run.assertEqual(
      mails.map(({ sender, recipient, subject }) => ({ sender, recipient, subject })),
      [
        {
          sender: senderEmail,
          recipient: `ben-${run.runId}@example.com`,
          subject: `Machine ${requestId} waits for your approval`,
        },
      ],
      'mails, as SES sent them',
    );
    const quoted = mails[0]?.text.split('\n').filter((line) => line.startsWith('> ')) ?? [];
    run.assertEqual(
      quoted,
      purpose.split('\n').map((line) => `> ${line}`),
      'purpose in the mail',
    );
    await run.eventually('the requester to be counted as not notified', async () =>
      (await readEntries(deployment, requestId)).includes('requester not notified') ? true : undefined,
    );

    const expensive = await submit(deployment, 'expensive', { size: 'large', endsAt: inMinutes(60 * 24 * 60) });
    const over = await waitForStatus(deployment, expensive, ['failed']);
    run.assertEqual(over.reason, 'approvers-not-reached', 'reason where one of two approvers is verified');
  },
};

/** Opens the stack for a check whose mails go by SES; of its people these have a verified address. */
export async function openMailed(
  run: ScenarioRun,
  ses: SESv2Client,
  verified: readonly ('ana' | 'ben' | 'cleo')[],
): Promise<Deployment> {
  const deployment = await openDeployment(run, {}, openSesMails);
  await verifyIdentity(run, ses, senderEmail);
  for (const name of verified) await verifyIdentity(run, ses, `${name}-${run.runId}@example.com`);
  return deployment;
}
