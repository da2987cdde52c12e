import { faultsOf } from '../shared/faults/fault-injector';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpStacks, deployedValue, push, readDeployment, readRun, waitForEnd, type Deployment } from './deployment';
import type { Demo } from './demo';

/** A form that the scan finds, put together so that no scan of this repository finds it. */
const secret = ['AKIA', 'Q7ZPLM3TRW5XKD2V'].join('');

const hostileName = 'src/$(touch x);`id`\'"<b>.txt';

/** Commits that the scan stops, and what it says. */
const findings: readonly { readonly what: string; readonly changed: Partial<Demo>; readonly named: string }[] = [
  {
    what: 'secret',
    changed: { more: { [hostileName]: `first line\nkey = ${secret}\n` } },
    named: 'src/??touch?x???id????b?.txt:2: AWS access key',
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
  title: 'findings of the scan, a failing test and a builder that dies end a run; a failed smoke test rolls back',
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    const demo = { name: `d${run.runId}`, value: 'good' };
    cleanUpStacks(run, deployment, demo.name);
    await Promise.all([failBefore(run, deployment, demo), rollBack(run, deployment, demo)]);
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

  const dying = await onBranch('dying', { test: 'node -e "setTimeout(() => {}, 300000)"' });
  await run.eventually('a build to kill', async () => {
    const found = await readRun(deployment, 'none', dying);
    // Builds of the other part may be killed as well: they are started again by nobody, so only this test is long.
    return found?.status === 'running' && faultsOf(run).killBuilds('setTimeout') > 0 ? true : undefined;
  });
  const killed = await waitForEnd(run, deployment, 'none', dying);
  run.assertEqual(killed.status, 'failed', 'the status of a run whose builder died');
}

async function rollBack(run: ScenarioRun, deployment: Deployment, demo: Demo): Promise<void> {
  const good = await push(deployment, 'main', demo);
  const first = await waitForEnd(run, deployment, 'staging', good);
  run.assertEqual(first.status, 'deployed', `the status of the good commit ${first.failure}`);
  const bad = await push(deployment, 'main', { ...demo, value: 'bad', expected: 'good' });
  const ended = await waitForEnd(run, deployment, 'staging', bad);
  run.assertEqual(ended.status, 'rolled-back', `the status of the bad commit ${ended.failure}`);
  run.assertEqual(ended.digest, first.digest, 'the artifact that runs is the last good one');
  run.assertEqual(await deployedValue(deployment, `${demo.name}-staging`), 'good', 'the stack has the good value');
}
