import { PutObjectCommand } from '@aws-sdk/client-s3';
import { deleteKeys, keysUnder } from '../shared/s3-keys';
import type { Check } from '../shared/scenario';
import { backUp, startRestore, waitForEnd } from './executions';
import { prepare, putNumbered } from './fixture';
import { readManifest } from './manifests';
import { listenToTopic } from './messages';

const objectCount = 5;

export const gapsProof: Check = {
  name: 'gaps',
  title: 'a restore that lacks objects which the backup skipped, or finds none, is not complete and says so',
  async run(run) {
    const fixture = prepare(run);
    const { deployment, prefix, day } = fixture;
    const { s3, sourceBucket } = deployment;
    const nextMessage = await listenToTopic(run);
    const objects = await putNumbered(run, fixture, objectCount, () => 100);
    const archived = `${prefix}archived`;
    await s3.send(new PutObjectCommand({ Bucket: sourceBucket, Key: archived, Body: 'cold', StorageClass: 'GLACIER' }));
    await backUp(run, deployment, day);
    const { summary } = await readManifest(deployment, day, prefix);
    run.assertEqual(
      [summary.status, summary.counts.skipped],
      ['complete', 1],
      'status and skipped objects of the backup',
    );

    await deleteKeys(s3, sourceBucket, [...objects.map(({ key }) => key), archived]);
    await run.step('restore everything', async () => {
      const { error, cause = '' } = await waitForEnd(run, deployment, await startRestore(deployment, { day, prefix }));
      run.assertEqual(error, 'RestoreIncomplete', 'error of the restore');
      run.assert(cause.includes(`${objectCount} objects restored`), 'the objects of the backup are restored', cause);
      run.assert(cause.includes(`not backed up (archived): ${archived}`), 'the cause names the object', cause);
      const text = await nextMessage(`Restore of ${day} to ${sourceBucket}: NOT COMPLETE`);
      run.assert(text.includes('1 not in the backup'), 'the message counts the object', text);
      run.assertEqual((await keysUnder(s3, sourceBucket, prefix)).length, objectCount, 'restored objects');
    });
    await run.step('restore a mistyped prefix', async () => {
      const mistyped = `${prefix}typo/`;
      const restored = await waitForEnd(run, deployment, await startRestore(deployment, { day, prefix: mistyped }));
      run.assertEqual(restored.error, 'RestoreIncomplete', 'error of the restore');
      const cause = restored.cause ?? '';
      run.assert(cause.includes(`begins with '${mistyped}'`), 'the cause names the prefix', cause);
    });
  },
};
