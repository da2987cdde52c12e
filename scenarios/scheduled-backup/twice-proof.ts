import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { keysUnder } from '../shared/s3-keys';
import type { Check } from '../shared/scenario';
import { waitForEnd, startBackup, assertSucceeded } from './executions';
import { readManifest } from './manifests';
import { prepare, putNumbered } from './fixture';

const objectCount = 150;

export const twiceProof: Check = {
  name: 'twice',
  title: 'two starts of a day make one backup, and two days never run at the same time',
  async run(run) {
    const fixture = prepare(run, [0, 1]);
    const { deployment, prefix, days } = fixture;
    const [first = '', second = ''] = days;
    await putNumbered(run, fixture, objectCount, () => 500);

    await run.step('start one day twice, and another day in between', async () => {
      const both = await Promise.all([startBackup(deployment, first), startBackup(deployment, first)]);
      await run.eventually(
        'the first copy',
        async () => {
          const keys = await keysUnder(deployment.s3, deployment.backupBucket, `${first}/${prefix}`);
          return keys.length > 0 ? true : undefined;
        },
        // The first is still running when the other one starts, on a fast machine too.
        { everyMilliseconds: 50 },
      );
      const other = await waitForEnd(run, deployment, await startBackup(deployment, second));
      run.assert(
        other.status === 'FAILED' && other.error === 'OverlappingRun',
        'the other day is refused while the first is running',
        `${other.status ?? ''} ${other.error ?? ''}`,
      );
      for (const execution of both) assertSucceeded(run, await waitForEnd(run, deployment, execution));
    });
    await run.step('start it a third time', async () =>
      assertSucceeded(run, await waitForEnd(run, deployment, await startBackup(deployment, first))),
    );
    const { entries } = await readManifest(deployment, first, prefix);
    run.assert(entries.length === objectCount, 'the manifest has every object once', String(entries.length));
    const { Versions = [] } = await deployment.s3.send(
      new ListObjectVersionsCommand({ Bucket: deployment.backupBucket, Prefix: `${first}/${prefix}` }),
    );
    run.assert(Versions.length === objectCount, 'every object was copied once', `${Versions.length} versions`);
    const manifests = await keysUnder(deployment.s3, deployment.backupBucket, `_manifests/${first}/`);
    const runs = new Set(manifests.map((key) => key.split('/')[2]).filter((name) => name !== 'summary.json'));
    run.assert(runs.size === 1, 'one run wrote the manifest', String(runs.size));
  },
};
