import { setTimeout as sleep } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { inLanes } from '../in-lanes';
import type { Check, ScenarioRun } from '../scenario';
import { cleanUpObjects } from './clean-up';
import { readDeployment, type Deployment } from './deployment';
import { currentVersion, deleteSource, download, manifestOf, outputKeys, readManifest, upload } from './photo-objects';
import { phonePhoto, readPhotograph } from './photographs';

export const overwritesProof: Check = {
  name: 'overwrites',
  title: 'outputs follow the newest version, however versions chase each other',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const [a, b, large] = [await readPhotograph('chelsea'), await readPhotograph('coffee'), (await phonePhoto()).bytes];
    const inFlight = `${run.runId}/in-flight.jpg`;
    const again = `${run.runId}/again.jpg`;
    const deleted = `${run.runId}/deleted.jpg`;
    await run.step('overwrite a large photo while it is being resized', async () => {
      await upload(deployment, inFlight, large);
      await sleep(Math.round(run.random() * 1_500));
      await upload(deployment, inFlight, a);
    });
    await run.step('A, B, A: the last with the bytes of the first', async () => {
      for (const bytes of [a, b, a]) await upload(deployment, again, bytes);
    });
    await run.step('delete a large photo while it is being resized', async () => {
      await upload(deployment, deleted, large);
      await sleep(Math.round(run.random() * 1_500));
      await deleteSource(deployment, deleted);
    });
    await settle(run, deployment, [inFlight, again, deleted]);
  },
};

export const stormProof: Check = {
  name: 'storm',
  title: 'after quick random uploads and deletions, each key has the outputs of its newest version or none',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const photos = await Promise.all(
      [0, 60, 120, 180, 240, 300].map(async (hue) =>
        sharp(await readPhotograph('coffee'))
          .modulate({ hue })
          .jpeg()
          .toBuffer(),
      ),
    );
    const keys = Array.from({ length: 5 }, (_, index) => `${run.runId}/photo-${index + 1}.jpg`);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(run.random() * items.length)] as T;
    await run.step('30 random operations on 5 keys', async () => {
      for (let operation = 0; operation < 30; operation += 1) {
        const key = pick(keys);
        if (run.random() < 0.3) await deleteSource(deployment, key);
        else await upload(deployment, key, pick(photos));
        await sleep(Math.round(run.random() ** 3 * 1_000));
      }
    });
    await settle(run, deployment, keys);
  },
};

export const nestedKeysProof: Check = {
  name: 'nested-keys',
  title: 'deleting a photo leaves the outputs of another whose key lies under it',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const photo = await readPhotograph('chelsea');
    const first = deployment.variants[0];
    const outer = `${run.runId}/a.jpg`;
    // A source whose key is that of the other's output, and one that only lies beneath.
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
        withinSeconds: 600,
      }),
    ).then(() => undefined);
  await run.step('wait until outputs agree with their sources', converged);
  await run.step('and that they stay so', async () => {
    await sleep(5_000);
    await converged();
  });
  for (const key of keys) {
    const there = (await currentVersion(deployment, key)) !== undefined;
    run.holds(
      true,
      `${key.slice(run.runId.length + 1)} has ${there ? 'the outputs of its newest version' : 'none, as its source is deleted'}`,
    );
  }
}

async function agrees(deployment: Deployment, key: string): Promise<true | undefined> {
  const version = await currentVersion(deployment, key);
  const outputs = await outputKeys(deployment, key);
  if (version === undefined) return outputs.length === 0 ? true : undefined;
  const manifest = await readManifest(deployment, key);
  if (manifest?.status !== 'resized' || manifest.source.versionId !== version) return undefined;
  const whole = await Promise.all(
    manifest.variants.map(async ({ key: output, sha256 }) => {
      const object = await download(deployment, output);
      return object !== undefined && createHash('sha256').update(object.bytes).digest('hex') === sha256;
    }),
  );
  return whole.every(Boolean) && outputs.length === manifest.variants.length + 1 ? true : undefined;
}
