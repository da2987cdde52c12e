import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { inLanes } from '../shared/in-lanes';
import type { Check, ScenarioRun } from '../shared/scenario';
import { blankPng } from './blank-png';
import { cleanUpObjects } from './clean-up';
import { agrees } from './convergence';
import { readDeployment, type Deployment } from './deployment';
import { sourceKey, sourceName } from './keys';
import { currentVersion, deleteSource, manifestOf, upload } from './photo-objects';
import { readPhotograph } from './photographs';

export const overwritesProof: Check = {
  name: 'overwrites',
  title: 'outputs follow the newest version, however versions chase each other',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const small = await readPhotograph('chelsea');
    const slow = slowPicture(deployment.maximumPixels);
    const usual = await run.step('how long the slowest picture takes', async () => {
      const started = performance.now();
      await manifestOf(run, deployment, await upload(deployment, sourceKey(deployment, run.runId, 'usual.png'), slow));
      return performance.now() - started;
    });
    run.metric('upload to manifest of the slowest picture', Number((usual / 1000).toFixed(1)), 's');
    const moments = Array.from({ length: 6 }, (_, index) => (0.2 + ((index + run.random()) / 6) * 0.7) * usual);
    const chased = await run.step('overwrite or delete it at moments spread over its resizing', () =>
      inLanes(moments, 2, async (moment) => {
        const number = moments.indexOf(moment);
        const key = sourceKey(deployment, run.runId, `chased-${number}`);
        await upload(deployment, key, slow);
        await sleep(moment);
        await (number % 2 === 0 ? upload(deployment, key, small) : deleteSource(deployment, key));
        return key;
      }),
    );
    const again = sourceKey(deployment, run.runId, 'again');
    await run.step('A, B, A: the last with the bytes of the first', async () => {
      for (const bytes of [slow, small, slow]) await upload(deployment, again, bytes);
    });
    await settle(run, deployment, [...chased, again]);
  },
};

/** As many pixels as are allowed, interlaced so that no decoder can skip any: small to upload, seconds to resize. */
function slowPicture(maximumPixels: number): Buffer {
  const side = Math.floor(Math.sqrt(maximumPixels));
  return blankPng({ width: side, height: side, colour: 'rgba', interlaced: true });
}

export const stormProof: Check = {
  name: 'storm',
  title: 'after quick random uploads and deletions, each key has the outputs of its newest version or none',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const coffee = sharp(await readPhotograph('coffee')).resize({ width: 2_400 });
    const photos = await Promise.all(
      [0, 90, 180, 270].map((hue) => coffee.clone().modulate({ hue }).jpeg().toBuffer()),
    );
    const keys = Array.from({ length: 5 }, (_, index) => sourceKey(deployment, run.runId, `photo-${index + 1}.jpg`));
    await run.step('30 random operations on 5 keys', async () => {
      for (let operation = 0; operation < 30; operation += 1) {
        const [key, photo] = [pick(keys, run.random()), pick(photos, run.random())];
        await (run.random() < 0.3 ? deleteSource(deployment, key) : upload(deployment, key, photo));
        await sleep(run.random() ** 3 * 500);
      }
    });
    await settle(run, deployment, keys);
  },
};

function pick<T>(items: readonly T[], share: number): T {
  const item = items[Math.floor(share * items.length)];
  if (item === undefined) throw new RangeError(`no item at ${share} of ${items.length}`);
  return item;
}

export const nestedKeysProof: Check = {
  name: 'nested-keys',
  title: 'deleting a photo leaves the outputs of another whose key lies under it',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const photo = await readPhotograph('chelsea');
    const first = deployment.variants[0];
    const outer = sourceKey(deployment, run.runId, 'a.jpg');
    // A source whose key is that of the other's output but for the prefix, and one that only lies beneath.
    const inner = [`${outer}/${first?.name ?? ''}.${first?.format ?? ''}`, `${outer}/sub/b.jpg`];
    await run.step('three photos, two of them under the key of the first', () =>
      inLanes([outer, ...inner], 3, async (key) => manifestOf(run, deployment, await upload(deployment, key, photo))),
    );
    await run.step('delete the first', () => deleteSource(deployment, outer));
    await settle(run, deployment, [outer, ...inner]);
  },
};

/** Waits until every key's outputs belong to its newest version, then once more for what was still under way. */
async function settle(run: ScenarioRun, deployment: Deployment, keys: readonly string[]): Promise<void> {
  const converged = (): Promise<void> =>
    inLanes(keys, keys.length, (key) =>
      run.eventually(`the outputs of ${key} to be those of its newest version`, () => agrees(deployment, key), {
        withinSeconds: 360,
      }),
    ).then(() => undefined);
  await run.step('wait until outputs agree with their sources', converged);
  await run.step('and that they stay so', async () => {
    await sleep(5_000);
    await converged();
  });
  const stale = (await inLanes(keys, 8, async (key) => ((await agrees(deployment, key)) ? [] : [key]))).flat();
  run.assert(stale.length === 0, `the outputs of ${keys.length} keys agree with their sources`, stale.join(', '));
  for (const key of keys) {
    const there = (await currentVersion(deployment, key)) !== undefined;
    run.assert(
      true,
      `${sourceName(deployment, key)} has ${there ? 'the outputs of its newest version' : 'none, as its source is deleted'}`,
    );
  }
}
