import { GetObjectCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { inLanes } from '../shared/in-lanes';
import type { Check } from '../shared/scenario';
import type { Deployment } from './deployment';
import { ended, startBackup, succeeded } from './executions';
import { readManifest } from './manifests';
import { open, putNumbered } from './opening';
import { put, randomObject } from './source-objects';

const number = 150;
/** So many change objects at once: fewer hit hardly ever between the look at an object and its copy. */
const hands = 8;

export const changesProof: Check = {
  name: 'changes',
  title: 'while the source changes, each entry names the version that its copy is of',
  async run(run) {
    const opening = open(run);
    const { from, prefix, day } = opening;
    await putNumbered(run, opening, number, () => 2_000);
    const execution = await startBackup(from, day);
    let going = true;
    let changes = 0;
    const change = async (): Promise<void> => {
      while (going) {
        const index = Math.floor(run.random() * number);
        await put(from.s3, from.sourceBucket, randomObject(run, `${prefix}${index}`, 2_000 + (changes % 7)));
        changes += 1;
      }
    };
    const changing = Promise.all(Array.from({ length: hands }, change));
    const end = await run.step('back up, and change objects meanwhile', async () => {
      try {
        return await ended(run, from, execution);
      } finally {
        going = false;
        await changing;
      }
    });
    succeeded(run, end);
    run.metric('changes meanwhile', changes);
    const { entries } = await readManifest(from, day, prefix);
    run.assert(entries.length === number, 'every object is in the manifest', String(entries.length));
    const wrong = await run.step('compare each copy with the version it names', () =>
      inLanes(entries, 8, async (entry) => {
        if (entry.status !== 'copied') return entry.key;
        const source = await sha256(from, from.sourceBucket, entry.key, entry.version);
        const copy = await sha256(from, from.backupBucket, `${day}/${entry.key}`, entry.copyVersion);
        return source === copy ? '' : entry.key;
      }),
    );
    const different = wrong.filter((key) => key !== '');
    run.assert(
      different.length === 0,
      'every copy is the version that its entry names',
      different.slice(0, 3).join(', '),
    );
  },
};

async function sha256({ s3 }: Deployment, Bucket: string, Key: string, VersionId: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return createHash('sha256')
    .update((await Body?.transformToByteArray()) ?? '')
    .digest('hex');
}
