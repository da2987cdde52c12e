import pMap from 'p-map';
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
  title: 'a key of any characters is decoded once, and its output keys contain it unchanged',
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
    await run.step(`upload ${keys.length} photos with odd keys, and wait for their outputs`, () =>
      pMap(
        keys,
        async (key) => {
          const uploaded = await upload(deployment, key, photo);
          const manifest = await manifestOf(run, deployment, uploaded);
          const expected = outputsOf(deployment, key);
          const found = await outputKeys(deployment, key);
          const complete = expected.every((output) => found.includes(output)) && manifest.source.key === key;
          run.assert(
            complete,
            `${label(deployment, key)} has outputs whose keys contain it unchanged`,
            complete ? undefined : found.join(', '),
          );
        },
        { concurrency: 6 },
      ),
    );
    await run.step('delete them, and wait for the removal of their outputs', () =>
      pMap(
        keys,
        async (key) => {
          await deleteSource(deployment, key);
          await assertOutputsRemoved(run, deployment, key);
        },
        { concurrency: 6 },
      ),
    );
    const tooLong = keyOfLength(sourceKey(deployment, run.runId, ''), longestKey - longestOutput + 1);
    await assertTooLongKeySkipped(run, deployment, photo, tooLong);
  },
};

async function assertTooLongKeySkipped(
  run: ScenarioRun,
  deployment: Deployment,
  photo: Buffer,
  key: string,
): Promise<void> {
  await run.step('upload a key that is one byte too long for its outputs', async () => {
    const uploaded = await upload(deployment, key, photo);
    const error = await invoke(deployment, s3Event(deployment, 'ObjectCreated:Put', [uploaded]));
    run.assert(error === undefined, 'a key too long for its outputs is not an error, so it is not retried', error);
    const written = await outputVersions(deployment, key);
    run.assert(written.length === 0, 'nothing is written for it', `${written.length} versions`);
  });
}

export async function assertOutputsRemoved(run: ScenarioRun, deployment: Deployment, key: string): Promise<void> {
  await run.eventually(`the removal of the outputs of ${label(deployment, key)}`, async () =>
    (await outputKeys(deployment, key)).length === 0 ? true : undefined,
  );
  run.assert(true, `${label(deployment, key)}: its outputs are removed`);
}

function outputsOf(of: Deployment, key: string): string[] {
  return [...of.variants.map(({ name, format }) => outputKey(of, key, `${name}.${format}`)), manifestKey(of, key)];
}

function label(deployment: Deployment, key: string): string {
  const name = sourceName(deployment, key);
  return name.length > 60 ? `a key of ${Buffer.byteLength(key)} bytes` : JSON.stringify(name);
}
