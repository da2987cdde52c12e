import { inLanes } from '../shared/in-lanes';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpObjects } from './clean-up';
import { readDeployment, type Deployment } from './deployment';
import { invoke, s3Event } from './events';
import { manifestKey, outputKey, sourceKey, sourceName } from './keys';
import { keyOfLength, oddNames } from './odd-keys';
import { deleteSource, manifestOf, outputKeys, outputVersions, upload } from './photo-objects';
import { readPhotograph } from './photographs';

/** S3's limit on a key's UTF-8 bytes. */
const longestKey = 1_024;

export const oddKeysProof: Check = {
  name: 'odd-keys',
  title: 'a key of any characters is decoded once, and its outputs carry the same text',
  async run(run) {
    const deployment = await readDeployment(run);
    // A key may start with a slash, which is then a folder of its own.
    const slashed = `/${run.runId}`;
    cleanUpObjects(run, deployment, [run.runId, slashed]);
    const photo = await readPhotograph('chelsea');
    const longestOutput = Math.max(...outputsOf(deployment, '').map((rest) => Buffer.byteLength(rest)));
    const keys = [
      ...oddNames.map((name) => sourceKey(deployment, run.runId, name)),
      sourceKey(deployment, slashed, 'leading slash.jpg'),
      keyOfLength(sourceKey(deployment, run.runId, ''), longestKey - longestOutput),
    ];
    await run.step(`upload ${keys.length} photos with odd keys, and await each under its own`, () =>
      inLanes(keys, 6, async (key) => {
        const uploaded = await upload(deployment, key, photo);
        const manifest = await manifestOf(run, deployment, uploaded);
        const expected = outputsOf(deployment, key);
        const found = await outputKeys(deployment, key);
        const complete = expected.every((output) => found.includes(output)) && manifest.source.key === key;
        run.assert(
          complete,
          `${shown(deployment, key)} has its outputs under the same text`,
          complete ? undefined : found.join(', '),
        );
      }),
    );
    await run.step('delete them, and await that their outputs go', () =>
      inLanes(keys, 6, async (key) => {
        await deleteSource(deployment, key);
        await outputsGone(run, deployment, key);
      }),
    );
    const tooLong = keyOfLength(sourceKey(deployment, run.runId, ''), longestKey - longestOutput + 1);
    await tooLongKey(run, deployment, photo, tooLong);
  },
};

async function tooLongKey(run: ScenarioRun, deployment: Deployment, photo: Buffer, key: string): Promise<void> {
  await run.step('a key one byte too long for its outputs', async () => {
    const uploaded = await upload(deployment, key, photo);
    const error = await invoke(deployment, s3Event(deployment, 'ObjectCreated:Put', [uploaded]));
    run.assert(error === undefined, 'a key too long for its outputs is no error, so it is not retried', error);
    const written = await outputVersions(deployment, key);
    run.assert(written.length === 0, 'nothing is written for it', `${written.length} versions`);
  });
}

export async function outputsGone(run: ScenarioRun, deployment: Deployment, key: string): Promise<void> {
  await run.eventually(
    `the outputs of ${shown(deployment, key)} to go`,
    async () => ((await outputKeys(deployment, key)).length === 0 ? true : undefined),
    { withinSeconds: 240 },
  );
  run.assert(true, `${shown(deployment, key)}: its outputs go with it`);
}

function outputsOf(of: Deployment, key: string): string[] {
  return [...of.variants.map(({ name, format }) => outputKey(of, key, `${name}.${format}`)), manifestKey(of, key)];
}

function shown(deployment: Deployment, key: string): string {
  const name = sourceName(deployment, key);
  return name.length > 60 ? `a key of ${Buffer.byteLength(key)} bytes` : JSON.stringify(name);
}
