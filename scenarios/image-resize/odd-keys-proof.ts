import { inLanes } from '../in-lanes';
import type { Check, ScenarioRun } from '../scenario';
import { cleanUpObjects } from './clean-up';
import { readDeployment, type Deployment } from './deployment';
import { invoke, s3Event } from './events';
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
    // A key may start with a slash, which is then outside the prefix.
    cleanUpObjects(run, deployment, [run.runId, `/${run.runId}`]);
    const photo = await readPhotograph('chelsea');
    const longestOutput = Math.max(...outputNames(deployment).map((name) => Buffer.byteLength(`/${name}`)));
    const keys = [
      ...oddNames.map((name) => `${run.runId}/${name}`),
      `/${run.runId}/leading slash.jpg`,
      keyOfLength(`${run.runId}/`, longestKey - longestOutput),
    ];
    await run.step(`upload ${keys.length} photos with odd keys, and await each under its own`, () =>
      inLanes(keys, 6, async (key) => {
        const uploaded = await upload(deployment, key, photo);
        const manifest = await manifestOf(run, deployment, uploaded);
        const expected = outputNames(deployment).map((name) => `${key}/${name}`);
        const found = await outputKeys(deployment, key);
        const complete = expected.every((output) => found.includes(output)) && manifest.source.key === key;
        run.holds(
          complete,
          `${shown(key)} has its outputs under the same text`,
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
    await tooLongKey(run, deployment, photo, keyOfLength(`${run.runId}/`, longestKey - longestOutput + 1));
  },
};

async function tooLongKey(run: ScenarioRun, deployment: Deployment, photo: Buffer, key: string): Promise<void> {
  await run.step('a key one byte too long for its outputs', async () => {
    const uploaded = await upload(deployment, key, photo);
    const error = await invoke(deployment, s3Event(deployment, 'ObjectCreated:Put', [uploaded]));
    run.holds(error === undefined, 'a key too long for its outputs is no error, so it is not retried', error);
    const written = await outputVersions(deployment, key);
    run.holds(written.length === 0, 'nothing is written for it', `${written.length} versions`);
  });
}

export async function outputsGone(run: ScenarioRun, deployment: Deployment, key: string): Promise<void> {
  await run.eventually(
    `the outputs of ${shown(key)} to go`,
    async () => ((await outputKeys(deployment, key)).length === 0 ? true : undefined),
    { withinSeconds: 240 },
  );
  run.holds(true, `${shown(key)}: its outputs go with it`);
}

function outputNames({ variants }: Deployment): string[] {
  return [...variants.map(({ name, format }) => `${name}.${format}`), 'manifest.json'];
}

function shown(key: string): string {
  const name = key.slice(key.indexOf('/', 1) + 1);
  return name.length > 60 ? `a key of ${Buffer.byteLength(key)} bytes` : JSON.stringify(name);
}
