import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { deleteKeys, keysUnder } from '../shared/s3-keys';
import type { Check, ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';
import { backUp, restore, startBackup, startRestore, waitForEnd } from './executions';
import { flipBit, prepare, putNumbered, type Fixture } from './fixture';
import { readManifest } from './manifests';
import { assertCounts, listenToTopic, type NextMessage } from './messages';
import { differences, fingerprintOf, fingerprintsUnder } from './source-objects';

const objectCount = 20;
const bytes = 5_000;

export const damageProof: Check = {
  name: 'damage',
  title: 'a verification finds a damaged copy, a restore avoids it, and starting the day again repairs it',
  async run(run) {
    const fixture = prepare(run);
    const { deployment, prefix, day } = fixture;
    const nextMessage = await listenToTopic(run);
    const objects = await putNumbered(run, fixture, objectCount, () => bytes);
    const expected = new Map(objects.map((object) => [object.key, fingerprintOf(object)]));
    await backUp(run, deployment, day);
    await run.step('verify the intact backup', async () => {
      const { status } = await waitForEnd(run, deployment, await startBackup(deployment, day, { verifyOnly: true }));
      run.assertEqual(status, 'SUCCEEDED', 'status of the verification');
    });

    const victim = `${prefix}${Math.floor(run.random() * objectCount)}`;
    await run.step(`flip one bit of the copy of ${victim}`, () =>
      flipBit(deployment, `${day}/${victim}`, run.random()),
    );
    await assertFound(run, fixture, victim, nextMessage);
    await run.step('delete the source and restore it from the damaged backup', async () => {
      await deleteKeys(
        deployment.s3,
        deployment.sourceBucket,
        await keysUnder(deployment.s3, deployment.sourceBucket, prefix),
      );
      await restore(run, deployment, { day, prefix });
      const different = differences(expected, await fingerprintsUnder(deployment.s3, deployment.sourceBucket, prefix));
      run.assert(different === '', 'every object is restored from the version that the manifest names', different);
    });
    await startAgain(run, fixture);

    await run.step(`flip one bit again, and remove the recorded version of the copy of ${victim}`, async () => {
      const { entries } = await readManifest(deployment, day, victim);
      const recorded = entries.find(({ key }) => key === victim);
      await flipBit(deployment, `${day}/${victim}`, run.random());
      await removeVersion(deployment, `${day}/${victim}`, recorded?.status === 'copied' ? recorded.copyVersion : '');
    });
    await assertFound(run, fixture, victim, nextMessage);
    await run.step('restore the object that has no intact copy', async () => {
      await deleteKeys(deployment.s3, deployment.sourceBucket, [victim]);
      const { error, cause = '' } = await waitForEnd(run, deployment, await startRestore(deployment, { day, prefix }));
      run.assertEqual(error, 'RestoreIncomplete', 'error of the restore');
      run.assert(cause.includes(`other-checksum: ${victim}`), 'the cause names the object and the reason', cause);
      const keys = await keysUnder(deployment.s3, deployment.sourceBucket, prefix);
      run.assert(!keys.includes(victim), 'the damaged object is not restored');
      const text = await nextMessage(`Restore of ${day} to ${deployment.sourceBucket}: NOT COMPLETE`);
      run.assert(text.includes(`other-checksum: ${victim}`), 'the message names the object', text);
    });
    await startAgain(run, fixture);
    await restore(run, deployment, { day, prefix });
    const different = differences(expected, await fingerprintsUnder(deployment.s3, deployment.sourceBucket, prefix));
    run.assert(different === '', 'every object is restored from the repaired backup', different);
  },
};

async function assertFound(
  run: ScenarioRun,
  { deployment, day, prefix }: Fixture,
  victim: string,
  nextMessage: NextMessage,
): Promise<void> {
  await run.step('verify the damaged backup', async () => {
    const { error, cause = '' } = await waitForEnd(
      run,
      deployment,
      await startBackup(deployment, day, { verifyOnly: true }),
    );
    run.assertEqual(error, 'BackupIncomplete', 'error of the verification');
    run.assert(cause.includes(`other-checksum: ${victim}`), 'the cause names the object and the reason', cause);
    run.assert(cause.includes('1 mismatched'), 'the cause names no other object', cause);
    const text = await nextMessage(`Verification of the backup of ${day}: NOT COMPLETE`);
    run.assert(text.includes(`other-checksum: ${victim}`), 'the message names the object', text);
    const { summary } = await readManifest(deployment, day, prefix);
    assertCounts(run, text, `${summary.counts.copied} objects copied`, summary.counts.bytes);
    run.assertEqual([summary.status, summary.mismatched], ['incomplete', 1], 'status and mismatches in the summary');
  });
}

/** Starts the backup of the day again, as the runbook says, and asserts that it makes exactly one copy. */
async function startAgain(run: ScenarioRun, { deployment, day, prefix }: Fixture): Promise<void> {
  const copies = (): Promise<number> => countVersions(deployment, `${day}/${prefix}`);
  const before = await copies();
  await backUp(run, deployment, day);
  run.assertEqual((await copies()) - before, 1, 'copies made to repair the backup');
  const { summary, entries } = await readManifest(deployment, day, prefix);
  run.assertEqual(summary.status, 'complete', 'status of the repaired backup');
  run.assertEqual(entries.length, objectCount, 'entries of the repaired manifest');
  const { status } = await waitForEnd(run, deployment, await startBackup(deployment, day, { verifyOnly: true }));
  run.assertEqual(status, 'SUCCEEDED', 'status of the verification');
}

async function removeVersion({ s3, backupBucket }: Deployment, Key: string, VersionId: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: backupBucket, Key, VersionId }));
}

async function countVersions({ s3, backupBucket }: Deployment, prefix: string): Promise<number> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: backupBucket, Prefix: prefix }));
  return Versions.length;
}
