import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Check } from '../shared/scenario';
import { deleteAll } from './clean-up';
import type { Deployment } from './deployment';
import { backUp, ended, startBackup, startRestore } from './executions';
import { readManifest } from './manifests';
import { assertCounts, listen } from './messages';
import { open, putNumbered } from './opening';
import { keysUnder } from './source-objects';

const number = 20;
const bytes = 5_000;

export const damageProof: Check = {
  name: 'damage',
  title: 'one byte that is flipped in the backup is found by name, by a verification and by a restore',
  async run(run) {
    const opening = open(run);
    const { from, prefix, day } = opening;
    const hear = await listen(run);
    await putNumbered(run, opening, number, () => bytes);
    await backUp(run, from, day);
    const { counts } = (await readManifest(from, day, prefix)).summary;

    await run.step('verify the sound backup', async () => {
      const { status } = await ended(run, from, await startBackup(from, day, { verifyOnly: true }));
      run.assert(status === 'SUCCEEDED', 'a sound backup is found sound', status ?? '');
    });
    const victim = `${prefix}${Math.floor(run.random() * number)}`;
    await run.step(`flip one byte of ${victim}`, () => flip(from, `${day}/${victim}`, run.random()));

    await run.step('verify the damaged backup', async () => {
      const verified = await ended(run, from, await startBackup(from, day, { verifyOnly: true }));
      const cause = verified.cause ?? '';
      run.assert(
        verified.error === 'BackupIncomplete',
        'the verification fails',
        verified.error ?? verified.status ?? '',
      );
      run.assert(cause.includes(`other-checksum: ${victim}`), 'it names the object and what is wrong', cause);
      run.assert(cause.includes('1 mismatched'), 'it finds nothing else', cause);
      const text = await hear(`Backup of ${day} verified: NOT COMPLETE`);
      run.assert(text.includes(`other-checksum: ${victim}`), 'the topic is told which object it is', text);
      assertCounts(run, text, `${counts.copied} objects copied`, counts.bytes);
    });
    await run.step('restore from the damaged backup', async () => {
      await deleteAll(from.s3, from.sourceBucket, await keysUnder(from.s3, from.sourceBucket, prefix));
      const restored = await ended(run, from, await startRestore(from, { day, prefix }));
      const cause = restored.cause ?? '';
      run.assert(restored.error === 'RestoreIncomplete', 'the restore fails', restored.error ?? restored.status ?? '');
      run.assert(cause.includes(`other-checksum: ${victim}`), 'it names the object and what is wrong', cause);
      const keys = await keysUnder(from.s3, from.sourceBucket, prefix);
      run.assert(!keys.includes(victim), 'damaged bytes are not restored');
      run.assert(keys.length === number - 1, 'all the others are', String(keys.length));
      const text = await hear(`Restore of ${day} to ${from.sourceBucket}: NOT COMPLETE`);
      run.assert(text.includes(`other-checksum: ${victim}`), 'the topic is told which object it is', text);
      assertCounts(run, text, `${number - 1} objects restored`, (number - 1) * bytes);
    });
  },
};

async function flip({ s3, backupBucket }: Deployment, key: string, where: number): Promise<void> {
  const place = { Bucket: backupBucket, Key: key };
  const { Body, ContentType, Metadata } = await s3.send(new GetObjectCommand(place));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  const at = Math.floor(where * bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await s3.send(new PutObjectCommand({ ...place, Body: bytes, ContentType, Metadata }));
}
