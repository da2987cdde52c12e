import { statesEntered } from '../shared/step-functions';
import type { Check } from '../shared/scenario';
import { decide } from './approval-pages';
import { openDeployment } from './deployment';
import { machinesOf } from './machines';
import { call, readEntries, submit, waitForStatus } from './requests';

export const smokeTest: Check = {
  name: 'request-to-end',
  title: 'a request is approved on the page, its machine runs and is given back; another is refused',
  async run(run) {
    const deployment = await openDeployment(run);
    const { ec2, sfn } = deployment;
    const requestId = await run.step('submit', () => submit(deployment, 'approved'));
    const refusedId = await submit(deployment, 'refused');
    run.assertEqual(await decide(deployment, requestId, 'ben', 'approve'), 200, 'status of the approval');
    run.assertEqual(await decide(deployment, refusedId, 'cleo', 'refuse'), 200, 'status of the refusal');
    const running = await run.step('wait for the machine', () => waitForStatus(deployment, requestId, ['running']));
    const [machine] = await machinesOf(ec2, requestId);
    run.assertEqual(machine?.id, running.instanceId, 'machine of the request');
    run.assertEqual(machine?.tags['Owner'], deployment.person, 'tag with the owner');
    await run.step('give it back', async () => {
      const { status } = await call(deployment, 'POST', `requests/${requestId}/return`, {});
      run.assertEqual(status, 202, 'status of the return');
      await waitForStatus(deployment, requestId, ['ended']);
    });
    await run.eventually('the machine to be terminated', async () => {
      const [ended] = await machinesOf(ec2, requestId);
      return ended === undefined || ['shutting-down', 'terminated'].includes(ended.state) ? true : undefined;
    });
    await waitForStatus(deployment, refusedId, ['refused']);
    run.assertEqual((await machinesOf(ec2, refusedId)).length, 0, 'machines of the refused request');
    await run.step('wait for the mails to the requester', () =>
      run.eventually('two mails', async () => {
        const mails = (await deployment.mails()).filter(({ recipient }) => recipient.startsWith('ana-'));
        const subjects = [`${requestId} is running`, `${requestId} has ended`, `${refusedId} was refused`];
        return subjects.every((subject) => mails.some(({ text }) => text.includes(subject))) ? true : undefined;
      }),
    );
    const entries = await readEntries(deployment, requestId);
    for (const what of ['submitted', 'approvers asked', 'approved', 'launched', 'running', 'returned', 'ended']) {
      run.assert(entries.includes(what), `the audit table has '${what}'`, entries.join(', '));
    }
    const executions = run.output('ApprovalStateMachineArn').replace(':stateMachine:', ':execution:');
    run.path('approved', await statesEntered(sfn, `${executions}:${requestId}-1`));
    run.path('refused', await statesEntered(sfn, `${executions}:${refusedId}-1`));
  },
};
