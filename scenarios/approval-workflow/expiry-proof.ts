import { SESv2Client } from '@aws-sdk/client-sesv2';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check } from '../shared/scenario';
import { decideOn, openPage, waitForLink } from './approval-pages';
import { openMailed } from './email-proof';
import { machinesOf } from './machines';
import { inMinutes, readEntries, submit, waitForStatus } from './requests';

export const expiryProof: Check = {
  name: 'expiry',
  title:
    'whoever has not decided is reminded once; an approval that is late expires, with a notice and without a machine',
  needs: 'faults',
  async run(run) {
    const deployment = await openMailed(run, new SESv2Client({}), ['ana', 'ben', 'cleo']);
    const requestId = await submit(deployment, 'late', { size: 'large', endsAt: inMinutes(60 * 24 * 60) });
    const [first, second] = [
      await waitForLink(deployment, requestId, 'ben'),
      await waitForLink(deployment, requestId, 'cleo'),
    ];
    const { token } = await openPage(second);
    run.assertEqual(await decideOn(first, (await openPage(first)).token, 'approve'), 200, 'status of one approval');
    const record = await run.step('wait for the end of the approval', () =>
      waitForStatus(deployment, requestId, ['expired']),
    );
    run.assertEqual(record.approvedBy?.length, 1, 'approvals of two');
    run.assertEqual(await decideOn(second, token, 'approve'), 410, 'status of a decision that is late');
    run.assertEqual((await openPage(second)).status, 410, 'status of an expired link');
    run.assertEqual((await machinesOf(deployment.ec2, requestId)).length, 0, 'machines');
    run.assertEqual(record.reserved, false, 'counted in its limits');
    await run.eventually('the notice', async () =>
      (await readEntries(deployment, requestId)).includes('requester notified') ? true : undefined,
    );
    const mails = (await faultsOf(run).sentEmails()).filter(({ text }) => text.includes(requestId));
    run.assertEqual(
      mails.map(({ recipient, subject }) => `${recipient.replace(/-.*/, '')}: ${subject}`),
      [
        `ben: Machine ${requestId} waits for your approval`,
        `cleo: Machine ${requestId} waits for your approval`,
        `cleo: Reminder: Machine ${requestId} waits for your approval`,
        `ana: Machine ${requestId} was not approved in time`,
      ],
      'mails, as SES sent them',
    );
  },
};
