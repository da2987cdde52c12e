import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { deleteKeys, keysUnder } from '../shared/s3-keys';
import type { Check } from '../shared/scenario';
import type { Deployment } from './deployment';
import { backUp, waitForEnd, restore, startRestore } from './executions';
import { oddKeys } from '../shared/faults/odd-keys';
import { prepare, putObjects } from './fixture';
import { differences, fingerprintOf, fingerprintsUnder, put, randomObject } from './source-objects';

export const restoreProof: Check = {
  name: 'restore',
  expectedErrors: ['InvalidRequestError'],
  title: 'a restore brings back deleted objects unchanged, only those of a prefix, and a dry run none',
  async run(run) {
    const fixture = prepare(run);
    const { deployment, prefix, day } = fixture;
    const { s3, sourceBucket } = deployment;
    const part = `${prefix}part/`;
    const objects = await putObjects(run, fixture, [
      ...oddKeys.map((key) => randomObject(run, `${prefix}odd/${key}`, 300)),
      ...Array.from({ length: 60 }, (_, index) => randomObject(run, `${part}${index}`, 3_000)),
      // Copied in parts in a sandbox, in both directions, with every attribute of an object.
      {
        ...randomObject(run, `${prefix}large`, 17 * 1024 ** 2),
        metadata: { owner: 'team' },
        tags: { project: 'näher & dran' },
        contentEncoding: 'gzip',
        cacheControl: 'no-store',
      },
      randomObject(run, `${prefix}empty`, 0),
    ]);
    const expected = new Map(objects.map((object) => [object.key, fingerprintOf(object)]));
    await backUp(run, deployment, day);
    await run.step('delete everything', () => deleteKeys(s3, sourceBucket, [...expected.keys()]));

    const before = await versions(deployment, prefix);
    await restore(run, deployment, { day, prefix, dryRun: true });
    run.assert((await versions(deployment, prefix)) === before, 'a dry run changes nothing');

    await restore(run, deployment, { day, prefix: part });
    const only = differences(
      new Map([...expected].filter(([key]) => key.startsWith(part))),
      await fingerprintsUnder(s3, sourceBucket, prefix),
    );
    run.assert(only === '', 'only objects under the prefix are restored', only);

    await restore(run, deployment, { day, prefix });
    const wrong = differences(expected, await fingerprintsUnder(s3, sourceBucket, prefix));
    run.assert(wrong === '', 'every object is restored: bytes, content types, headers, metadata and tags', wrong);

    const changed = randomObject(run, `${part}0`, 4_000);
    await put(s3, sourceBucket, changed);
    await restore(run, deployment, { day, prefix: part });
    const kept = (await fingerprintsUnder(s3, sourceBucket, `${part}0`)).get(changed.key);
    run.assert(kept === fingerprintOf(changed), 'a changed object is kept');
    await restore(run, deployment, { day, prefix: part, overwrite: true });
    const replaced = (await fingerprintsUnder(s3, sourceBucket, `${part}0`)).get(changed.key);
    run.assert(replaced === expected.get(changed.key), 'a changed object is replaced with overwrite');

    await run.step('restore to a bucket that is not a restore target', async () => {
      const refused = await waitForEnd(
        run,
        deployment,
        await startRestore(deployment, { day, targetBucket: 'somebody-elses-bucket' }),
      );
      run.assert(
        refused.error === 'InvalidRequestError',
        'the restore is refused',
        refused.error ?? refused.status ?? '',
      );
    });
    const keys = await keysUnder(s3, sourceBucket, prefix);
    run.assert(keys.length === objects.length, 'no other object exists', String(keys.length));
  },
};

/** Ids of all versions and delete markers, as a text. */
async function versions({ s3, sourceBucket }: Deployment, prefix: string): Promise<string> {
  const page = await s3.send(new ListObjectVersionsCommand({ Bucket: sourceBucket, Prefix: prefix }));
  return JSON.stringify([...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map((one) => one.VersionId));
}
