import type { Check } from '../shared/scenario';
import { backUp } from './executions';
import { readManifest } from './manifests';
import { oddKeys } from '../shared/faults/odd-keys';
import { prepare, putObjects } from './fixture';
import { differences, fingerprintOf, fingerprintsUnder, randomObject } from './source-objects';

const objectCount = 2_000;
const large = [17, 18.5, 20];
/** Keys that resemble those of backups and manifests, and of folders. */
const confusableKeys = ['_manifests/2026-11-21/summary.json', '2026-11-21/a-day-of-its-own', 'trailing-slash/'];
const megabyte = 1024 ** 2;

export const manyObjectsProof: Check = {
  name: 'many-objects',
  title: 'two thousand objects of all sizes and kinds of keys are copied unchanged and listed in the manifest',
  takesMinutes: true,
  async run(run) {
    const fixture = prepare(run);
    const { deployment, prefix, day } = fixture;
    const special = [
      ...[...oddKeys, ...confusableKeys].map((key) => randomObject(run, `${prefix}${key}`, 100)),
      ...large.map((size) => randomObject(run, `${prefix}large/${size}`, Math.floor(size * megabyte))),
      ...Array.from({ length: 20 }, (_, index) => randomObject(run, `${prefix}empty/${index}`, 0)),
    ];
    const usual = Array.from({ length: objectCount - special.length }, (_, index) =>
      randomObject(run, `${prefix}usual/${index}`, Math.floor(2 ** (run.random() * 16))),
    );
    const objects = await putObjects(run, fixture, [...special, ...usual]);

    const started = performance.now();
    await backUp(run, deployment, day);
    const seconds = (performance.now() - started) / 1000;
    run.metric('backup', Number(seconds.toFixed(1)), 's');
    run.metric('objects', Number((objectCount / seconds).toFixed(1)), 'a second');

    const { summary, entries } = await run.step('read the manifest', () => readManifest(deployment, day, prefix));
    const bytes = objects.reduce((sum, { body }) => sum + body.length, 0);
    const listed = entries.reduce((sum, { size }) => sum + size, 0);
    run.assert(summary.status === 'complete', 'the backup is complete');
    run.assert(entries.length === objectCount, 'the manifest has every object', `${entries.length} of ${objectCount}`);
    run.assert(listed === bytes, 'the manifest has every byte', `${listed} of ${bytes}`);
    run.assert(
      entries.every(({ status }) => status === 'copied'),
      'every object is copied',
    );
    const byRead = entries.filter((entry) => entry.status === 'copied' && entry.checksum.algorithm === 'READ-SHA256');
    run.metric('compared by reading both sides', byRead.length);
    await run.step('compare every copy', async () => {
      const different = differences(
        new Map(objects.map((object) => [object.key, fingerprintOf(object)])),
        await fingerprintsUnder(deployment.s3, deployment.backupBucket, `${day}/${prefix}`, `${day}/`),
      );
      run.assert(
        different === '',
        'every copy equals its source: SHA-256, content type, headers, metadata and tags',
        different,
      );
    });
  },
};
