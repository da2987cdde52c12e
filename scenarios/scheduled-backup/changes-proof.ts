import { GetObjectCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import pMap from 'p-map';
import type { Check } from '../shared/scenario';
import type { Deployment } from './deployment';
import { waitForEnd, startBackup, assertSucceeded } from './executions';
import { readManifest } from './manifests';
import { prepare, putNumbered } from './fixture';
import { put, randomObject } from './source-objects';

const objectCount = 150;
/** Writers that change objects at once; fewer would rarely change one between HEAD and the copy. */
const writers = 8;

export const changesProof: Check = {
  name: 'changes',
  title: 'while the source changes, each entry names the version that was copied',
  async run(run) {
    const fixture = prepare(run);
    const { deployment, prefix, day } = fixture;
    await putNumbered(run, fixture, objectCount, () => 2_000);
    const execution = await startBackup(deployment, day);
    let running = true;
    let changes = 0;
    const change = async (): Promise<void> => {
      while (running) {
        const index = Math.floor(run.random() * objectCount);
        await put(
          deployment.s3,
          deployment.sourceBucket,
          randomObject(run, `${prefix}${index}`, 2_000 + (changes % 7)),
        );
        changes += 1;
      }
    };
    const changing = Promise.all(Array.from({ length: writers }, change));
    const end = await run.step('back up while objects change', async () => {
      try {
        return await waitForEnd(run, deployment, execution);
      } finally {
        running = false;
        await changing;
      }
    });
    assertSucceeded(run, end);
    run.metric('changes during the backup', changes);
    const { entries } = await readManifest(deployment, day, prefix);
    run.assert(entries.length === objectCount, 'every object is in the manifest', String(entries.length));
    const wrong = await run.step('compare each copy with the version that its entry names', () =>
      pMap(
        entries,
        async (entry) => {
          if (entry.status !== 'copied') return entry.key;
          const source = await sha256(deployment, deployment.sourceBucket, entry.key, entry.version);
          const copy = await sha256(deployment, deployment.backupBucket, `${day}/${entry.key}`, entry.copyVersion);
          return source === copy ? '' : entry.key;
        },
        { concurrency: 8 },
      ),
    );
    const different = wrong.filter((key) => key !== '');
    run.assert(
      different.length === 0,
      'every copy equals the version that its entry names',
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
