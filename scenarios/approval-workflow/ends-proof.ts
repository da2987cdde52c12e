import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { runCommand } from '../shared/runbook-commands';
import type { Check } from '../shared/scenario';
import { openDeployment, type Deployment } from './deployment';
import { machinesOf, countAlive } from './machines';
import { call, inMinutes, readEntries, readRequest, submit, waitForStatus } from './requests';

export const endsProof: Check = {
  name: 'ends',
  title: 'machines end in time, once, also if the schedule fires twice or they are gone; an extension moves the end',
  async run(run) {
    const deployment = await openDeployment(run, { autoApproveDollars: 100, secondApproverDollars: 200 });
    const { ec2 } = deployment;
    const [gone, extended, due] = await run.step('launch three', async () => {
      const started = performance.now();
      const others = [
        await submit(deployment, 'gone'),
        await submit(deployment, 'extended', { endsAt: inMinutes(10) }),
      ] as const;
      for (const id of others) await waitForStatus(deployment, id, ['running']);
      // The machine runs before its end, however long a launch takes here.
      const launchMinutes = (performance.now() - started) / 60_000;
      return [...others, await submit(deployment, 'due', { endsAt: inMinutes(0.1 + 2 * launchMinutes) })] as const;
    });
    const wanted = inMinutes(600);
    const answer = await call(deployment, 'POST', `requests/${extended}/extension`, { endsAt: wanted });
    run.assertEqual(answer.status, 202, 'status of the extension');
    await run.eventually('the end to be moved', async () =>
      (await readRequest(deployment, extended))?.endsAt === wanted ? true : undefined,
    );
    await run.step('wait for the schedule', () => waitForStatus(deployment, due, ['ended']));
    run.assertEqual(await countAlive(ec2, due), 0, 'machines after the end');

    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [(await machinesOf(ec2, gone))[0]?.id ?? ''] }));
    const { status } = await call(deployment, 'POST', `requests/${gone}/return`, {});
    run.assertEqual(status, 202, 'status of the return');
    await waitForStatus(deployment, gone, ['ended']);
    const lambda = new LambdaClient({});
    const invoke = (name: string, input: object) =>
      lambda.send(new InvokeCommand({ FunctionName: run.output(name), Payload: JSON.stringify(input) }));
    const fire = (requestId: string) => invoke('EndMachineFunctionName', { requestId, because: 'due' });
    await Promise.all([fire(gone), fire(gone), fire(extended)]);
    const ended = (await readEntries(deployment, gone)).filter((what) => what === 'ended');
    run.assertEqual(ended.length, 1, 'ends of a machine whose schedule fired three times');
    run.assertEqual((await readRequest(deployment, extended))?.status, 'running', 'status before the moved end');
    run.assertEqual(await countAlive(ec2, extended), 1, 'machines before the moved end');
    await run.step('commands of the runbook', () => runCommands(deployment, extended));
    const { FunctionError, Payload } = await invoke('CountMachinesFunctionName', {});
    run.assertEqual(FunctionError, undefined, 'error of the hourly count');
    const counts = JSON.parse(Payload?.transformToString() ?? '{}') as Record<string, number>;
    run.assertEqual(Object.keys(counts).length, 4, 'counts');
  },
};

async function runCommands(deployment: Deployment, requestId: string): Promise<void> {
  const { run, ec2 } = deployment;
  const values = { 'request id': requestId, status: 'running' };
  const ops = (command: string): Promise<string> =>
    runCommand(run, 'approval-workflow', `npm run ops -- approval-workflow ${command}`, { values });
  run.assert((await ops('requests --list <status>')).includes(requestId), 'it is listed');
  run.assert((await ops('requests <request id>')).includes('end moved'), 'its story is shown');
  await ops('requests <request id> --cancel');
  run.assertEqual((await readRequest(deployment, requestId))?.status, 'cancelled', 'status after the command');
  run.assertEqual(await countAlive(ec2, requestId), 0, 'machines after the command');
  await ops('requests --differences');
}
