import { faultsOf } from '../shared/faults/fault-injector';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpStacks, deployedValue, push, readDeployment, waitForEnd, type Deployment } from './deployment';
import { awaitRequest } from './approval-requests';
import type { Demo } from './demo';
import { rollBack } from './rollbacks';
import { stopBuilds } from './stopped-builds';

/** A form that the scan finds, put together so that no scan of this repository finds it. */
const secret = ['AKIA', 'Q7ZPLM3TRW5XKD2V'].join('');

const hostileName = 'src/$(touch x);`id`\'"<b>\n.txt';

/** Commits that the scan stops, and what it says. */
const findings: readonly { readonly what: string; readonly changed: Partial<Demo>; readonly named: string }[] = [
  {
    what: 'secret',
    changed: { more: { [hostileName]: `first line\nkey = ${secret}\n` } },
    named: 'src/??touch?x???id????b??.txt:2: AWS access key',
  },
  {
    what: 'dependency',
    changed: {
      more: {
        'package-lock.json': JSON.stringify({
          lockfileVersion: 3,
          packages: { 'node_modules/lodash': { version: '4.17.20' } },
        }),
      },
    },
    named: 'package-lock.json:1: lodash 4.17.20: GHSA-35jh-r3h4-6jhm',
  },
  {
    what: 'permission',
    changed: { statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
    named: 'Wide: a wildcard permission: s3:*',
  },
];

export const failedStepsProof: Check = {
  name: 'failed-steps',
  title:
    'a failed step ends a run; a failed deployment, smoke test or alarm rolls back; an approval that nobody gives expires',
  needs: 'faults',
  takesMinutes: true,
  async run(run) {
    const deployment = readDeployment(run);
    const demo = { name: `d${run.runId}`, value: 'good' };
    cleanUpStacks(run, deployment, demo.name);
    await Promise.all([
      endWithoutApproval(run, deployment, demo),
      failBefore(run, deployment, demo),
      rollBack(run, deployment, demo),
      stopBuilds(run, deployment, demo),
    ]);
    await run.step('show the open runs', () =>
      runCommand(run, 'gitops-pipeline', 'npm run ops -- gitops-pipeline show'),
    );
  },
};

async function failBefore(run: ScenarioRun, deployment: Deployment, demo: Demo): Promise<void> {
  const onBranch = (name: string, changed: Partial<Demo>): Promise<string> =>
    push(deployment, `${name}-${run.runId}`, { ...demo, ...changed });
  const failing = await onBranch('test', { test: 'node -e process.exit(3)' });
  for (const { what, changed, named } of findings) {
    const { status, failure } = await waitForEnd(run, deployment, 'none', await onBranch(what, changed));
    run.assertEqual(status, 'failed', `the status of a commit with a ${what}`);
    run.assert(failure.includes('ScanFindings') && failure.includes(named), `the failure names the ${what}`, failure);
    run.assert(!failure.includes(secret), 'the failure does not have the secret', failure);
  }
  const tested = await waitForEnd(run, deployment, 'none', failing);
  run.assert(tested.failure.includes('TestFailed'), 'a failing test fails the run', tested.failure);

  await endBuild(run, deployment, await onBranch('dying', { test: 'node -e "setTimeout(() => {}, 300000)"' }), {
    argument: 'setTimeout',
    how: 'died',
    failure: 'TestFailed',
  });
  await endBuild(run, deployment, await onBranch('hanging', { test: 'node -e "setInterval(() => {}, 300000)"' }), {
    argument: 'setInterval',
    how: 'timed out',
    failure: 'TestTimedOut',
  });
}

/** Ends the build of a commit whose test takes minutes, and checks how its run ends. */
async function endBuild(
  run: ScenarioRun,
  deployment: Deployment,
  commit: string,
  {
    argument,
    how,
    failure,
  }: { readonly argument: string; readonly how: 'died' | 'timed out'; readonly failure: string },
): Promise<void> {
  await run.eventually('a build to end', () =>
    Promise.resolve(faultsOf(run).endBuilds(argument, how) > 0 ? true : undefined),
  );
  const ended = await waitForEnd(run, deployment, 'none', commit);
  run.assertEqual(ended.status, 'failed', `the status of a run whose builder ${how}`);
  run.assert(ended.failure.includes(failure), `its failure is ${failure}`, ended.failure);
}

/** Pushes to the environment that needs an approval: somebody rejects one commit, and nobody decides on the other. */
async function endWithoutApproval(run: ScenarioRun, deployment: Deployment, demo: Demo): Promise<void> {
  const expiring = await push(deployment, 'release', demo);
  const rejected = await push(deployment, 'release', { ...demo, value: 'rejected' });
  await awaitRequest(run, deployment, `prod-${rejected}`);
  await runCommand(run, 'gitops-pipeline', 'npm run ops -- gitops-pipeline reject <run id>', {
    values: { 'run id': `prod-${rejected}` },
  });
  for (const [commit, failure] of [
    [rejected, 'ApprovalRejected'],
    [expiring, 'ApprovalExpired'],
  ] as const) {
    const ended = await waitForEnd(run, deployment, 'prod', commit);
    run.assertEqual(ended.status, 'rejected', 'the status of a run without an approval');
    run.assert(ended.failure.includes(failure), `its failure is ${failure}`, ended.failure);
  }
  const value = await deployedValue(deployment, `${demo.name}-prod`);
  run.assertEqual(value, undefined, 'its stack is not deployed');
}
