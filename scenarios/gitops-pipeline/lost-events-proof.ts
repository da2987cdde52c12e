import { CreateBranchCommand } from '@aws-sdk/client-codecommit';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../shared/scenario';
import { buildsOf, projectOf } from './builds';
import { findable } from './demo';
import { push, readDeployment, readRun, waitForEnd, type Deployment } from './deployment';
import { sweep } from './sweep';

/** Branches that are created at once, with the same commit. */
const branches = 20;
/** Branches that are pushed at once, each with a commit of its own: more than the local CodeBuild runs and queues. */
const commits = 14;

export const lostEventsProof: Check = {
  name: 'lost-events',
  title:
    'each commit is run once: with repeated and lost events, on twenty branches, and with fourteen commits at once',
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    const faults = faultsOf(run);
    const demo = { name: `d${run.runId}`, value: run.runId };

    const find = [faults.loseEvents('codecommit'), faults.loseEvents('codebuild')];
    const commit = await push(deployment, `lost-${run.runId}`, demo);
    const wrong = await push(deployment, `wrong-${run.runId}`, { ...demo, more: findable });
    await run.step('the sweep starts the runs and completes their builds', () =>
      run.eventually(
        'the ends of the runs without any event',
        async () => {
          await sweep(run);
          const [passed, failed] = await Promise.all([commit, wrong].map((one) => readRun(deployment, 'none', one)));
          return passed?.status === 'passed' && failed?.failure.includes('ScanFindings') ? true : undefined;
        },
        { everyMilliseconds: 1_000 },
      ),
    );
    for (const end of find) end();

    const second = await push(deployment, `lost-${run.runId}`, { ...demo, value: 'second' });
    await run.step('repeat its event, and push it to more branches', async () => {
      const names = Array.from({ length: branches }, (_, index) => `b${index}-${run.runId}`);
      await Promise.all([repeatEvent(run, second, 5), ...names.map((name) => branch(deployment, name, second))]);
    });
    const ended = await waitForEnd(run, deployment, 'none', second);
    run.assertEqual(ended.status, 'passed', 'the status of the commit on all branches');
    const { executions = [] } = await deployment.stepFunctions.send(
      new ListExecutionsCommand({ stateMachineArn: deployment.machine }),
    );
    const named = executions.filter(({ name = '' }) => name.endsWith(second));
    run.assertEqual(named.length, 1, 'the executions of the commit');
    await run.step(`push ${commits} commits to an account that may have no build`, () => pushAtOnce(run, deployment));
  },
};

/** Pushes commits that the scan stops, since whole runs of so many take minutes. */
async function pushAtOnce(run: ScenarioRun, deployment: Deployment): Promise<void> {
  const refused = faultsOf(run).refuseBuilds();
  run.cleanUp('the refusal of builds', () => {
    refused.end();
    return Promise.resolve();
  });
  const pushed = await Promise.all(
    Array.from({ length: commits }, (_, index) =>
      push(deployment, `c${index}-${run.runId}`, { name: `d${run.runId}`, value: `value ${index}`, more: findable }),
    ),
  );
  // A run may have been refused twice before the last one has begun.
  const waiting = await run.eventually('a run of each of them that waits for its build', async () => {
    if (refused.count() < commits) return undefined;
    const found = await Promise.all(pushed.map((commit) => readRun(deployment, 'none', commit)));
    return found.every((one) => one?.status === 'running') ? found : undefined;
  });
  run.assertEqual(waiting.length, commits, 'runs that wait while the account may have no build');
  refused.end();
  const endings = await Promise.all(pushed.map((commit) => waitForEnd(run, deployment, 'none', commit)));
  const stopped = endings.filter(({ failure }) => failure.includes('ScanFindings'));
  run.assertEqual(stopped.length, commits, 'runs that the scan has stopped');
  const builds = await buildsOf(
    await projectOf(deployment, 'scan'),
    pushed.map((commit) => `none-${commit}`),
  );
  run.assertEqual(builds.length, commits, 'builds of their scans');
}

async function branch({ codecommit, repository }: Deployment, branchName: string, commitId: string): Promise<void> {
  await codecommit.send(new CreateBranchCommand({ repositoryName: repository, branchName, commitId }));
}

async function repeatEvent(run: ScenarioRun, commitId: string, times: number): Promise<void> {
  const FunctionName = run.output('StartRunFunctionName');
  const detail = {
    event: 'referenceUpdated',
    referenceType: 'branch',
    referenceName: `lost-${run.runId}`,
    commitId,
    callerUserArn: 'arn:aws:iam::111111111111:user/alice',
  };
  const Payload = JSON.stringify({ detail });
  const lambda = new LambdaClient({});
  await Promise.all(Array.from({ length: times }, () => lambda.send(new InvokeCommand({ FunctionName, Payload }))));
}
