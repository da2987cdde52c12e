import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import pMap from 'p-map';
import type { Check, ScenarioRun } from '../shared/scenario';
import { blankPng } from './blank-png';
import { cleanUpObjects } from './clean-up';
import { outputsMatch } from './output-state';
import { readDeployment, type Deployment } from './deployment';
import { sourceKey, sourceName } from './keys';
import { currentVersion, deleteSource, manifestOf, upload } from './photo-objects';
import { readPhotograph } from './photographs';

export const overwritesProof: Check = {
  name: 'overwrites',
  title: 'outputs follow the newest version, however quickly versions follow each other',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const small = await readPhotograph('chelsea');
    const slow = slowPhoto(deployment.maximumPixels);
    const usual = await run.step('measure the slowest photo', async () => {
      const started = performance.now();
      await manifestOf(run, deployment, await upload(deployment, sourceKey(deployment, run.runId, 'usual.png'), slow));
      return performance.now() - started;
    });
    run.metric('upload to manifest of the slowest photo', Number((usual / 1000).toFixed(1)), 's');
    const moments = Array.from({ length: 6 }, (_, index) => (0.2 + ((index + run.random()) / 6) * 0.7) * usual);
    const overwritten = await run.step('overwrite or delete it at moments spread over its resizing', () =>
      pMap(
        moments,
        async (moment) => {
          const number = moments.indexOf(moment);
          const key = sourceKey(deployment, run.runId, `overwritten-${number}`);
          await upload(deployment, key, slow);
          await sleep(moment);
          await (number % 2 === 0 ? upload(deployment, key, small) : deleteSource(deployment, key));
          return key;
        },
        { concurrency: 2 },
      ),
    );
    const again = sourceKey(deployment, run.runId, 'again');
    await run.step('upload A, B, A: the last has the bytes of the first', async () => {
      for (const bytes of [slow, small, slow]) await upload(deployment, again, bytes);
    });
    await assertReconciled(run, deployment, [...overwritten, again]);
  },
};

/** Returns a photo with as many pixels as are allowed, interlaced so that no decoder can skip any: small to upload, slow to resize. */
function slowPhoto(maximumPixels: number): Buffer {
  const side = Math.floor(Math.sqrt(maximumPixels));
  return blankPng({ width: side, height: side, color: 'rgba', interlaced: true });
}

export const stormProof: Check = {
  name: 'storm',
  title: 'after random uploads and deletions, each key has the outputs of its newest version or none',
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
    await assertReconciled(run, deployment, keys);
  },
};

function pick<T>(items: readonly T[], fraction: number): T {
  const item = items[Math.floor(fraction * items.length)];
  if (item === undefined) throw new RangeError(`no item at ${fraction} of ${items.length}`);
  return item;
}

export const nestedKeysProof: Check = {
  name: 'nested-keys',
  title: 'deleting a photo keeps the outputs of another whose key starts with its key',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const photo = await readPhotograph('chelsea');
    const first = deployment.variants[0];
    const outer = sourceKey(deployment, run.runId, 'a.jpg');
    // One key equals an output key of the first photo but for the prefix, the other only starts with its key.
    const inner = [`${outer}/${first?.name ?? ''}.${first?.format ?? ''}`, `${outer}/sub/b.jpg`];
    await run.step('three photos, two of them under the key of the first', () =>
      pMap([outer, ...inner], async (key) => manifestOf(run, deployment, await upload(deployment, key, photo))),
    );
    await run.step('delete the first', () => deleteSource(deployment, outer));
    await assertReconciled(run, deployment, [outer, ...inner]);
  },
};

/** Waits until every key's outputs match its newest version, then checks again for events that were still in progress. */
async function assertReconciled(run: ScenarioRun, deployment: Deployment, keys: readonly string[]): Promise<void> {
  const matching = (): Promise<unknown> =>
    pMap(keys, (key) =>
      run.eventually(`outputs of ${key} that match its newest version`, () => outputsMatch(deployment, key), {
        withinSeconds: 360,
      }),
    );
  await run.step('wait until all outputs match their photos', matching);
  await run.step('check that they still match after 5 s', async () => {
    await sleep(5_000);
    await matching();
  });
  const match = await pMap(keys, (key) => outputsMatch(deployment, key), { concurrency: 8 });
  const stale = keys.filter((_, index) => match[index] !== true);
  run.assert(stale.length === 0, `the outputs of ${keys.length} keys match their photos`, stale.join(', '));
  for (const key of keys) {
    const exists = (await currentVersion(deployment, key)) !== undefined;
    run.assert(
      true,
      `${sourceName(deployment, key)} has ${exists ? 'the outputs of its newest version' : 'no outputs: it is deleted'}`,
    );
  }
}
