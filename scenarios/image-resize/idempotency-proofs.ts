import { DeleteObjectsCommand } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import type { Check } from '../shared/scenario';
import { cleanUpObjects } from './clean-up';
import { readDeployment } from './deployment';
import { invoke, s3Event, testEvent } from './events';
import { sourceKey } from './keys';
import { assertOutputsRemoved } from './odd-keys-proof';
import { deleteSource, manifestOf, outputKeys, outputVersions, upload } from './photo-objects';
import { readPhotograph } from './photographs';

export const duplicatesProof: Check = {
  name: 'duplicates',
  title: 'a duplicate or late event writes nothing',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const key = sourceKey(deployment, run.runId, 'photo.jpg');
    const [first, second] = await run.step('resize a photo, then overwrite it', async () => {
      const older = await upload(deployment, key, await readPhotograph('chelsea'));
      await manifestOf(run, deployment, older);
      const newer = await upload(deployment, key, await readPhotograph('coffee'));
      await manifestOf(run, deployment, newer);
      return [older, newer];
    });
    const assertUnchanged = async (what: string, event: object, times = 1): Promise<void> => {
      await run.step(what, async () => {
        const before = await outputVersions(deployment, key);
        const errors = await Promise.all(Array.from({ length: times }, () => invoke(deployment, event)));
        run.assert(
          errors.every((error) => error === undefined),
          `${what}: no error`,
          errors.find((error) => error !== undefined),
        );
        const after = await outputVersions(deployment, key);
        run.assert(
          after.join() === before.join(),
          `${what}: nothing is written`,
          `${before.length} versions before, ${after.length} after`,
        );
      });
    };
    await assertUnchanged('a duplicate of the newest event', s3Event(deployment, 'ObjectCreated:Put', [second]));
    await assertUnchanged('three duplicates in parallel', s3Event(deployment, 'ObjectCreated:Put', [second]), 3);
    await assertUnchanged('a late event of the previous version', s3Event(deployment, 'ObjectCreated:Put', [first]));
    await assertUnchanged('a late deletion event', s3Event(deployment, 'ObjectRemoved:DeleteMarkerCreated', [first]));
    await deleteSource(deployment, key, first.versionId);
    await assertUnchanged('the removal of an old version', s3Event(deployment, 'ObjectRemoved:Delete', [first]));
    await assertUnchanged('s3:TestEvent', testEvent(deployment));
  },
};

export const recordsProof: Check = {
  name: 'records',
  title: 'every record of an event is processed, and a deleted object among them is not an error',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const photo = await readPhotograph('chelsea');
    const keys = ['one.jpg', 'two.jpg', 'three.jpg'].map((name) => sourceKey(deployment, run.runId, name));
    const uploads = await run.step('resize three photos, then delete their outputs', async () => {
      const made = await pMap(keys, (key) => upload(deployment, key, photo));
      await pMap(made, (one) => manifestOf(run, deployment, one));
      await pMap(keys, async (key) => {
        const Objects = (await outputKeys(deployment, key)).map((Key) => ({ Key }));
        await deployment.s3.send(new DeleteObjectsCommand({ Bucket: deployment.resizedBucket, Delete: { Objects } }));
      });
      return made;
    });
    await run.step('invoke the function with one event for all', async () => {
      const gone = await upload(deployment, sourceKey(deployment, run.runId, 'gone.jpg'), photo);
      await deleteSource(deployment, gone.key);
      await assertOutputsRemoved(run, deployment, gone.key);
      const [one, ...others] = uploads;
      const event = s3Event(deployment, 'ObjectCreated:Put', [...(one === undefined ? [] : [one]), gone, ...others]);
      const error = await invoke(deployment, event);
      run.assert(error === undefined, 'a deleted object among them is not an error', error);
      const found = await pMap(keys, (key) => outputKeys(deployment, key));
      const complete = found.every((outputs) => outputs.length === deployment.variants.length + 1);
      run.assert(complete, 'every record was processed', found.map((outputs) => outputs.length).join(', '));
      run.assert((await outputKeys(deployment, gone.key)).length === 0, 'nothing is written for the deleted object');
    });
  },
};
