import { killAtWork } from '../shared/faults/kills';
import { shuffled } from '../shared/faults/reordering';
import type { Check } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import { readDeployment } from './deployment';
import { deliver } from './files';
import { assertNewest, uploadRacingFiles } from './racing-files';

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
    const racing = await run.step('upload three files, two of them versions of one key', () =>
      uploadRacingFiles(run, deployment, { files: 3, rows: 600 }),
    );
    await run.step('deliver their events again, in random order', async () => {
      for (const one of shuffled(run, [...racing.uploads, ...racing.uploads])) await deliver(deployment, one);
    });
    await run.step(`kill ${kills} workers`, () => killAtWork(run, working, kills, 1_500));
    await assertNewest(run, deployment, racing);
  },
};
