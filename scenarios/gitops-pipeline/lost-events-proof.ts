import { CreateBranchCommand } from '@aws-sdk/client-codecommit';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../shared/scenario';
import { buildsOf, projectOf } from './builds';
import { push, readDeployment, readRun, waitForEnd, type Deployment } from './deployment';

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
    await run.step('the sweep starts the run and completes its builds', () =>
      run.eventually(
        'the end of the run without any event',
        async () => {
          await sweep(run);
          const found = await readRun(deployment, 'none', commit);
          return found?.status === 'passed' ? found : undefined;
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
    await run.step(`push ${commits} commits at once`, () => pushAtOnce(run, deployment));
  },
};

/** Pushes commits that the scan stops, since whole runs of so many take minutes. */
async function pushAtOnce(run: ScenarioRun, deployment: Deployment): Promise<void> {
  const more = { 'program.js': 'eval(process.argv[2]);\n' };
  const pushed = await Promise.all(
    Array.from({ length: commits }, (_, index) =>
      push(deployment, `c${index}-${run.runId}`, { name: `d${run.runId}`, value: `value ${index}`, more }),
    ),
  );
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

/** Invokes the sweep, which a schedule does every few minutes. */
export async function sweep(run: ScenarioRun): Promise<void> {
  await new LambdaClient({}).send(new InvokeCommand({ FunctionName: run.output('SweepFunctionName'), Payload: '{}' }));
}
