import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from '../../lambda/scheduled-backup/manifest';
import type { Check } from '../shared/scenario';
import type { Deployment } from './deployment';
import { backUp, ended, startBackup, stopExecution, succeeded } from './executions';
import { readManifest } from './manifests';
import { open, putNumbered } from './opening';

const cuts = 10;
/** Of the time that a whole backup took: the first one also waits for functions to start. */
const latest = 0.6;
const number = 30;

export const interruptionProof: Check = {
  name: 'interruption',
  title: 'a backup that is cut off at ten points and started again ends as if nothing had happened',
  async run(run) {
    const opening = open(run, [...Array(cuts + 1).keys()]);
    const { from, prefix, days } = opening;
    await putNumbered(run, opening, number, (index) => 1_000 + index);

    const started = performance.now();
    const [whole = '', ...others] = days;
    await backUp(run, from, whole);
    const milliseconds = performance.now() - started;
    const expected = text((await readManifest(from, whole, prefix)).entries);
    let cut = 0;
    let kept = 0;
    for (const other of others) {
      const after = Math.floor(run.random() * latest * milliseconds);
      await run.step(`cut off after ${after} ms and start again`, async () => {
        const execution = await startBackup(from, other);
        await sleep(after);
        if (await stopExecution(from, execution)) cut += 1;
        const there = await versionsUnder(from, `${other}/${prefix}`);
        succeeded(run, await ended(run, from, await startBackup(from, other)));
        const { entries, summary } = await readManifest(from, other, prefix);
        run.assert(summary.status === 'complete', 'the backup is complete');
        const found = text(entries);
        run.assert(
          found === expected,
          'the manifest is that of the uninterrupted run',
          firstDifference(expected, found),
        );
        const named = new Set(entries.map((entry) => (entry.status === 'copied' ? entry.copyVersion : '')));
        const again = there.filter((version) => !named.has(version));
        run.assert(again.length === 0, 'nothing that was there is copied again', `${again.length} of ${there.length}`);
        kept += there.length;
      });
    }
    run.metric('runs cut off', cut);
    run.metric('copies found there by the second runs', kept);
    run.assert(cut >= cuts / 2, 'at least half of the runs were cut off before their end', `${cut} of ${cuts}`);
  },
};

async function versionsUnder({ s3, backupBucket }: Deployment, prefix: string): Promise<string[]> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: backupBucket, Prefix: prefix }));
  return Versions.flatMap(({ VersionId }) => VersionId ?? []);
}

/** What is the same of two backups of one source: all but the copies' own versions. */
function text(entries: readonly Entry[]): string {
  const comparable = entries.map((entry) => (entry.status === 'copied' ? { ...entry, copyVersion: '' } : entry));
  return comparable.map((entry) => JSON.stringify(entry)).join('\n');
}

function firstDifference(expected: string, found: string): string {
  const lines = found.split('\n');
  const index = expected.split('\n').findIndex((line, at) => line !== lines[at]);
  return index < 0 ? '' : `line ${index}: ${lines[index] ?? 'missing'}`;
}
