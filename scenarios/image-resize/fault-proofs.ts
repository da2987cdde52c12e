import { disturb, assertDisturbed } from '../shared/faults/disturbed-calls';
import { killAlong } from '../shared/faults/kills';
import { assertWorkOutcome } from '../shared/faults/work-outcome';
import pMap from 'p-map';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpObjects } from './clean-up';
import { readDeployment, type Deployment } from './deployment';
import { sourceKey } from './keys';
import { outputKeys, upload } from './photo-objects';
import { readPhotograph } from './photographs';
import { verify } from './soak';

export const killedWorkersProof: Check = {
  name: 'killed-workers',
  title: 'every photo has all its outputs after the function was killed while resizing',
  needs: 'faults',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const { functionName } = deployment;
    const photo = await readPhotograph('coffee');
    const keys: string[] = [];
    const uploadNext = async (): Promise<string> => {
      const key = sourceKey(deployment, run.runId, `photo-${keys.length}.jpg`);
      keys.push(key);
      await upload(deployment, key, photo);
      return key;
    };
    const atRandom = await run.step('upload photos, and kill the function while it resizes them', () =>
      killAlong(run, functionName, { kills: 4, longestPause: 600 }, uploadNext),
    );
    // Slow calls prolong the time when only some of a photo's outputs exist.
    const restore = await disturb(run, [functionName], 's3', { slow: 1, slowMilliseconds: 300 });
    const halfWritten = await run.step('upload photos, and kill the function once an output exists', () =>
      killAlong(run, functionName, { kills: 4, longestPause: 100 }, async () => {
        const key = await uploadNext();
        await run.eventually(
          `an output of ${key}`,
          async () => ((await outputKeys(deployment, key)).length > 0 ? true : undefined),
          { everyMilliseconds: 20 },
        );
      }),
    );
    await restore();
    run.metric('workers killed', atRandom + halfWritten);
    assertWorkOutcome(run, 'photos', await run.step('wait for the outputs', () => verify(run, deployment, keys)));
  },
};

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title: 'every photo has its outputs although calls to S3 are throttled, dropped or unanswered',
  needs: 'faults',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const disturbance = { throttled: 0.15, dropped: 0.1, unanswered: 0.1 };
    const restore = await disturb(run, [deployment.functionName], 's3', disturbance);
    const keys = await uploadAll(run, deployment, 6);
    const outcome = await run.step('wait for the outputs', () => verify(run, deployment, keys));
    const counts = await restore();
    const { calls } = counts;
    assertDisturbed(run, 's3', counts, ['throttled', 'dropped', 'unanswered']);
    // Without a fault a photo takes about nine calls; an endless repeat would make hundreds.
    run.assert(calls <= 40 * keys.length, 'repeats are bounded', `${calls} calls for ${keys.length} photos`);
    assertWorkOutcome(run, 'photos', outcome);
  },
};

async function uploadAll(run: ScenarioRun, deployment: Deployment, count: number): Promise<string[]> {
  const photo = await readPhotograph('coffee');
  const keys = Array.from({ length: count }, (_, index) => sourceKey(deployment, run.runId, `photo-${index}.jpg`));
  await run.step(`upload ${count} photos`, () =>
    pMap(keys, (key) => upload(deployment, key, photo), { concurrency: 4 }),
  );
  return keys;
}
