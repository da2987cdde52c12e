import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Check } from '../shared/scenario';
import { deleteAll } from './clean-up';
import type { Deployment } from './deployment';
import { backUp, waitForEnd, startBackup, startRestore } from './executions';
import { readManifest } from './manifests';
import { assertCounts, listenToTopic } from './messages';
import { prepare, putNumbered } from './fixture';
import { keysUnder } from './source-objects';

const objectCount = 20;
const bytes = 5_000;

export const damageProof: Check = {
  name: 'damage',
  title: 'a verification and a restore find one flipped byte of a copy and name the object',
  async run(run) {
    const fixture = prepare(run);
    const { deployment, prefix, day } = fixture;
    const nextMessage = await listenToTopic(run);
    await putNumbered(run, fixture, objectCount, () => bytes);
    await backUp(run, deployment, day);
    const { counts } = (await readManifest(deployment, day, prefix)).summary;

    await run.step('verify the intact backup', async () => {
      const { status } = await waitForEnd(run, deployment, await startBackup(deployment, day, { verifyOnly: true }));
      run.assert(status === 'SUCCEEDED', 'the verification of the intact backup succeeds', status ?? '');
    });
    const victim = `${prefix}${Math.floor(run.random() * objectCount)}`;
    await run.step(`flip one byte of ${victim}`, () => flipBit(deployment, `${day}/${victim}`, run.random()));

    await run.step('verify the damaged backup', async () => {
      const verified = await waitForEnd(run, deployment, await startBackup(deployment, day, { verifyOnly: true }));
      const cause = verified.cause ?? '';
      run.assert(
        verified.error === 'BackupIncomplete',
        'the verification fails',
        verified.error ?? verified.status ?? '',
      );
      run.assert(cause.includes(`other-checksum: ${victim}`), 'the cause names the object and the reason', cause);
      run.assert(cause.includes('1 mismatched'), 'the cause names no other object', cause);
      const text = await nextMessage(`Verification of the backup of ${day}: NOT COMPLETE`);
      run.assert(text.includes(`other-checksum: ${victim}`), 'the message names the object', text);
      assertCounts(run, text, `${counts.copied} objects copied`, counts.bytes);
    });
    await run.step('restore from the damaged backup', async () => {
      await deleteAll(
        deployment.s3,
        deployment.sourceBucket,
        await keysUnder(deployment.s3, deployment.sourceBucket, prefix),
      );
      const restored = await waitForEnd(run, deployment, await startRestore(deployment, { day, prefix }));
      const cause = restored.cause ?? '';
      run.assert(restored.error === 'RestoreIncomplete', 'the restore fails', restored.error ?? restored.status ?? '');
      run.assert(cause.includes(`other-checksum: ${victim}`), 'the cause names the object and the reason', cause);
      const keys = await keysUnder(deployment.s3, deployment.sourceBucket, prefix);
      run.assert(!keys.includes(victim), 'the damaged object is not restored');
      run.assert(keys.length === objectCount - 1, 'all other objects are restored', String(keys.length));
      const text = await nextMessage(`Restore of ${day} to ${deployment.sourceBucket}: NOT COMPLETE`);
      run.assert(text.includes(`other-checksum: ${victim}`), 'the message names the object', text);
      assertCounts(run, text, `${objectCount - 1} objects restored`, (objectCount - 1) * bytes);
    });
  },
};

/** Flips one bit of the current copy. */
async function flipBit({ s3, backupBucket }: Deployment, key: string, position: number): Promise<void> {
  const target = { Bucket: backupBucket, Key: key };
  const { Body, ContentType, Metadata } = await s3.send(new GetObjectCommand(target));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  const at = Math.floor(position * bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await s3.send(new PutObjectCommand({ ...target, Body: bytes, ContentType, Metadata }));
}
