import { DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { inLanes } from '../shared/in-lanes';
import type { Check } from '../shared/scenario';
import { cleanUpObjects } from './clean-up';
import { readDeployment } from './deployment';
import { invoke, s3Event, testEvent } from './events';
import { sourceKey } from './keys';
import { outputsGone } from './odd-keys-proof';
import { deleteSource, manifestOf, outputKeys, outputVersions, upload } from './photo-objects';
import { readPhotograph } from './photographs';

export const duplicatesProof: Check = {
  name: 'duplicates',
  title: 'an event that comes again, or late, writes nothing',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const key = sourceKey(deployment, run.runId, 'photo.jpg');
    const [first, second] = await run.step('a photo is resized, and overwritten', async () => {
      const older = await upload(deployment, key, await readPhotograph('chelsea'));
      await manifestOf(run, deployment, older);
      const newer = await upload(deployment, key, await readPhotograph('coffee'));
      await manifestOf(run, deployment, newer);
      return [older, newer];
    });
    const unchanged = async (what: string, event: object, times = 1): Promise<void> => {
      await run.step(what, async () => {
        const before = await outputVersions(deployment, key);
        const errors = await inLanes(
          Array.from({ length: times }, () => event),
          times,
          (one) => invoke(deployment, one),
        );
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
    await unchanged('the event of the newest version again', s3Event(deployment, 'ObjectCreated:Put', [second]));
    await unchanged('three of it side by side', s3Event(deployment, 'ObjectCreated:Put', [second]), 3);
    await unchanged('the event of the version before it', s3Event(deployment, 'ObjectCreated:Put', [first]));
    await unchanged('a deletion that was overtaken', s3Event(deployment, 'ObjectRemoved:DeleteMarkerCreated', [first]));
    await deleteSource(deployment, key, first.versionId);
    await unchanged('an old version is removed', s3Event(deployment, 'ObjectRemoved:Delete', [first]));
    await unchanged('s3:TestEvent', testEvent(deployment));
  },
};

export const recordsProof: Check = {
  name: 'records',
  title: 'every record of an event counts, and an object that is gone meanwhile is no error',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const photo = await readPhotograph('chelsea');
    const keys = ['one.jpg', 'two.jpg', 'three.jpg'].map((name) => sourceKey(deployment, run.runId, name));
    const uploads = await run.step('three photos are resized, then their variants are lost', async () => {
      const made = await inLanes(keys, 3, (key) => upload(deployment, key, photo));
      await inLanes(made, 3, (one) => manifestOf(run, deployment, one));
      await inLanes(keys, 3, async (key) => {
        const Objects = (await outputKeys(deployment, key)).map((Key) => ({ Key }));
        await deployment.s3.send(new DeleteObjectsCommand({ Bucket: deployment.resizedBucket, Delete: { Objects } }));
      });
      return made;
    });
    await run.step('one event brings them back', async () => {
      const gone = await upload(deployment, sourceKey(deployment, run.runId, 'gone.jpg'), photo);
      await deleteSource(deployment, gone.key, gone.versionId);
      await outputsGone(run, deployment, gone.key);
      const [one, ...others] = uploads;
      const event = s3Event(deployment, 'ObjectCreated:Put', [...(one === undefined ? [] : [one]), gone, ...others]);
      const error = await invoke(deployment, event);
      run.assert(error === undefined, 'a missing object among them is no error', error);
      const found = await inLanes(keys, 3, (key) => outputKeys(deployment, key));
      const complete = found.every((outputs) => outputs.length === deployment.variants.length + 1);
      run.assert(complete, 'every record was acted on', found.map((outputs) => outputs.length).join(', '));
      run.assert((await outputKeys(deployment, gone.key)).length === 0, 'nothing is written for the missing object');
    });
  },
};
