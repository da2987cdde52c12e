import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { Check } from '../shared/scenario';
import { deleteAll } from './clean-up';
import type { Deployment } from './deployment';
import { backUp, ended, restore, startRestore } from './executions';
import { oddKeys } from '../shared/faults/odd-keys';
import { open, putSource } from './opening';
import { differences, keysUnder, printOf, printsUnder, put, randomObject } from './source-objects';

export const restoreProof: Check = {
  name: 'restore',
  title: 'what was deleted comes back as it was, a prefix alone, and a dry run changes nothing',
  async run(run) {
    const opening = open(run);
    const { from, prefix, day } = opening;
    const { s3, sourceBucket } = from;
    const part = `${prefix}part/`;
    const objects = await putSource(run, opening, [
      ...oddKeys.map((key) => randomObject(run, `${prefix}odd/${key}`, 300)),
      ...Array.from({ length: 60 }, (_, index) => randomObject(run, `${part}${index}`, 3_000)),
      // Copied in parts by a sandbox, both ways, with everything that an object can have.
      {
        ...randomObject(run, `${prefix}large`, 17 * 1024 ** 2),
        metadata: { owner: 'team' },
        tags: { project: 'näher & dran' },
        contentEncoding: 'gzip',
        cacheControl: 'no-store',
      },
      randomObject(run, `${prefix}empty`, 0),
    ]);
    const expected = new Map(objects.map((object) => [object.key, printOf(object)]));
    await backUp(run, from, day);
    await run.step('delete everything', () => deleteAll(s3, sourceBucket, [...expected.keys()]));

    const before = await versions(from, prefix);
    await restore(run, from, { day, prefix, dryRun: true });
    run.assert((await versions(from, prefix)) === before, 'a dry run changes nothing');

    await restore(run, from, { day, prefix: part });
    const only = differences(
      new Map([...expected].filter(([key]) => key.startsWith(part))),
      await printsUnder(s3, sourceBucket, prefix),
    );
    run.assert(only === '', 'a prefix restores itself and nothing else', only);

    await restore(run, from, { day, prefix });
    const wrong = differences(expected, await printsUnder(s3, sourceBucket, prefix));
    run.assert(wrong === '', 'all of it is back: bytes, content types, headers, metadata and tags', wrong);

    const changed = randomObject(run, `${part}0`, 4_000);
    await put(s3, sourceBucket, changed);
    await restore(run, from, { day, prefix: part });
    const kept = (await printsUnder(s3, sourceBucket, `${part}0`)).get(changed.key);
    run.assert(kept === printOf(changed), 'an object that has changed since is kept');
    await restore(run, from, { day, prefix: part, overwrite: true });
    const replaced = (await printsUnder(s3, sourceBucket, `${part}0`)).get(changed.key);
    run.assert(replaced === expected.get(changed.key), 'with overwrite it is replaced');

    await run.step('restore to a bucket that is none to restore to', async () => {
      const refused = await ended(run, from, await startRestore(from, { day, targetBucket: 'somebody-elses-bucket' }));
      run.assert(refused.error === 'UnusableRequest', 'the restore is refused', refused.error ?? refused.status ?? '');
    });
    const keys = await keysUnder(s3, sourceBucket, prefix);
    run.assert(keys.length === objects.length, 'nothing else has come in', String(keys.length));
  },
};

/** All versions and delete markers, as a text. */
async function versions({ s3, sourceBucket }: Deployment, prefix: string): Promise<string> {
  const page = await s3.send(new ListObjectVersionsCommand({ Bucket: sourceBucket, Prefix: prefix }));
  return JSON.stringify([...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map((one) => one.VersionId));
}
