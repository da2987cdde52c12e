import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { summaryKey, summarySchema } from '../../lambda/scheduled-backup/manifest';
import { keysUnder } from '../shared/s3-keys';
import { keysBeyondXml } from '../shared/faults/odd-keys';
import type { Check } from '../shared/scenario';
import type { Deployment } from './deployment';
import { backUp, startBackup, waitForEnd } from './executions';
import { prepare, putNumbered, putObjects } from './fixture';
import { readManifest } from './manifests';
import { randomObject } from './source-objects';

/** Age that is above any `retentionDays`. */
const ageDays = 3_651;

export const retentionProof: Check = {
  name: 'retention',
  expectedErrors: ['InvalidRequestError'],
  title: 'an expired backup is removed after a newer complete one, and no mistyped day removes any',
  async run(run) {
    const fixture = prepare(run, [0, 1, 2]);
    const { deployment, prefix, days } = fixture;
    const [old = '', next = '', newest = ''] = days;
    const objects = [
      ...(await putNumbered(run, fixture, 15, () => 100)),
      // One key that a request cannot delete with others must not stop the removal.
      ...(await putObjects(
        run,
        fixture,
        keysBeyondXml.map((key) => randomObject(run, `${prefix}${key}`, 100)),
      )),
    ];
    const copiesOf = async (day: string): Promise<number> =>
      (await keysUnder(deployment.s3, deployment.backupBucket, `${day}/${prefix}`)).length;
    await backUp(run, deployment, old);
    await backUp(run, deployment, next);
    run.assertEqual(await copiesOf(old), objects.length, 'copies of a backup within the retention');

    await run.step('start a backup of a mistyped year', async () => {
      const { error } = await waitForEnd(run, deployment, await startBackup(deployment, '2962-11-21'));
      run.assertEqual(error, 'InvalidRequestError', 'error of the execution');
      run.assertEqual(await copiesOf(old), objects.length, 'copies of the oldest backup');
    });

    await run.step(`let two backups be ${ageDays} days old`, async () => {
      for (const day of [old, next]) await makeOld(deployment, day);
    });
    await backUp(run, deployment, newest);
    for (const gone of [old, next]) {
      const left = [
        ...(await keysUnder(deployment.s3, deployment.backupBucket, `${gone}/`)),
        ...(await keysUnder(deployment.s3, deployment.backupBucket, `_manifests/${gone}/`)),
      ];
      run.assertEqual(left.length, 0, `objects left of the backup of ${gone}`);
    }
    const { summary } = await readManifest(deployment, newest, prefix);
    run.assertEqual(summary.status, 'complete', 'status of the newest backup');
  },
};

/** Moves the end of a backup into the past, by which its age counts. */
async function makeOld({ s3, backupBucket }: Deployment, day: string): Promise<void> {
  const target = { Bucket: backupBucket, Key: summaryKey(day) };
  const { Body } = await s3.send(new GetObjectCommand(target));
  const summary = summarySchema.parse(JSON.parse((await Body?.transformToString()) ?? ''));
  const finishedAt = new Date(Date.now() - ageDays * 86_400_000).toISOString();
  await s3.send(new PutObjectCommand({ ...target, Body: JSON.stringify({ ...summary, finishedAt }) }));
}
