import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { killAlong } from '../shared/faults/kills';
import { shuffled } from '../shared/faults/reordering';
import type { Check } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import { readDeployment, type Deployment } from './deployment';
import { deliver } from './files';
import { assertNewest, RacingFiles } from './racing-files';

const kills = 12;

export const killsProof: Check = {
  name: 'killed-workers',
  title: 'the table has the newest rows though workers are killed, events come twice and files race',
  needs: 'faults',
  expectedErrors: 'all',
  async run(run) {
    const deployment = readDeployment(run);
    const working = (await functionsCalledBy(deployment.stepFunctions, deployment.machine)).filter((name) =>
      /SplitFile|TransformChunk|LoadChunk/.test(name),
    );
    run.assertEqual(working.length, 3, 'functions that are killed');
    const racing = new RacingFiles(run, deployment, 600);
    await run.step('upload three files, two of them versions of one key', async () => {
      for (let file = 0; file < 3; file++) await racing.upload();
    });
    await run.step('deliver their events again, in random order', async () => {
      for (const one of shuffled(run, [...racing.uploads, ...racing.uploads])) await deliver(deployment, one);
    });
    // Workers that have nothing to do cannot be killed at work.
    const uploadMore = async (): Promise<void> => {
      if (!(await isRunning(deployment))) await racing.upload();
    };
    const killed = await run.step(`kill ${kills} workers`, () =>
      killAlong(run, working, { kills, longestPause: 1_500 }, uploadMore),
    );
    run.metric('workers killed', killed);
    run.metric('files', racing.uploads.length);
    await assertNewest(run, deployment, racing);
  },
};

async function isRunning({ stepFunctions, machine }: Deployment): Promise<boolean> {
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn: machine, statusFilter: 'RUNNING', maxResults: 1 }),
  );
  return executions.length > 0;
}
