import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { Entry } from '../../lambda/scheduled-backup/manifest';
import type { Check } from '../shared/scenario';
import type { Deployment } from './deployment';
import { backUp, waitForEnd, startBackup, stopExecution, assertSucceeded } from './executions';
import { readManifest } from './manifests';
import { prepare, putNumbered } from './fixture';

const interruptions = 10;
const objectCount = 30;

export const interruptionProof: Check = {
  name: 'interruption',
  expectedErrors: ['SupersededError'],
  title: 'a backup interrupted at ten points and started again equals an uninterrupted one',
  async run(run) {
    const fixture = prepare(run, [...Array(interruptions + 1).keys()]);
    const { deployment, prefix, days } = fixture;
    await putNumbered(run, fixture, objectCount, (index) => 1_000 + index);

    const [whole = '', ...others] = days;
    await backUp(run, deployment, whole);
    const expected = text((await readManifest(deployment, whole, prefix)).entries);
    let stopped = 0;
    let kept = 0;
    for (const other of others) {
      // By its copies, not by time: the same points on any machine.
      const copies = Math.floor(run.random() * objectCount);
      await run.step(`stop after ${copies} copies and start again`, async () => {
        const execution = await startBackup(deployment, other);
        await run.eventually(
          `${copies} copies`,
          async () => ((await versionsUnder(deployment, `${other}/${prefix}`)).length >= copies ? true : undefined),
          { everyMilliseconds: 20 },
        );
        if (await stopExecution(deployment, execution)) stopped += 1;
        const existing = await versionsUnder(deployment, `${other}/${prefix}`);
        assertSucceeded(run, await waitForEnd(run, deployment, await startBackup(deployment, other)));
        const { entries, summary } = await readManifest(deployment, other, prefix);
        run.assert(summary.status === 'complete', 'the backup is complete');
        const found = text(entries);
        run.assert(
          found === expected,
          'the manifest equals that of the uninterrupted run',
          firstDifference(expected, found),
        );
        const named = new Set(entries.map((entry) => (entry.status === 'copied' ? entry.copyVersion : '')));
        const again = existing.filter((version) => !named.has(version));
        run.assert(again.length === 0, 'no existing copy is made again', `${again.length} of ${existing.length}`);
        kept += existing.length;
      });
    }
    run.metric('interrupted runs', stopped);
    run.metric('copies that the second runs found', kept);
    run.assert(
      stopped >= interruptions / 2,
      'at least half of the runs were stopped before their end',
      `${stopped} of ${interruptions}`,
    );
  },
};

async function versionsUnder({ s3, backupBucket }: Deployment, prefix: string): Promise<string[]> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: backupBucket, Prefix: prefix }));
  return Versions.flatMap(({ VersionId }) => VersionId ?? []);
}

/** Entries as a text, without the versions of the copies, which differ between two backups of one source. */
function text(entries: readonly Entry[]): string {
  const comparable = entries.map((entry) => (entry.status === 'copied' ? { ...entry, copyVersion: '' } : entry));
  return comparable.map((entry) => JSON.stringify(entry)).join('\n');
}

function firstDifference(expected: string, found: string): string {
  const lines = found.split('\n');
  const index = expected.split('\n').findIndex((line, at) => line !== lines[at]);
  return index < 0 ? '' : `line ${index}: ${lines[index] ?? 'missing'}`;
}
