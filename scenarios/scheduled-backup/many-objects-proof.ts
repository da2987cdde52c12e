import type { Check } from '../shared/scenario';
import { backUp } from './executions';
import { readManifest } from './manifests';
import { oddKeys } from '../shared/faults/odd-keys';
import { open, putSource } from './opening';
import { differences, printOf, printsUnder, randomObject } from './source-objects';

const number = 2_000;
const large = [17, 18.5, 20];
/** What a backup could take for its own, and for a folder. */
const ownKeys = ['_manifests/2026-11-21/summary.json', '2026-11-21/a-day-of-its-own', 'trailing-slash/'];
const megabyte = 1024 ** 2;

export const manyObjectsProof: Check = {
  name: 'many-objects',
  title: 'two thousand objects of every size and key are copied as they are, and the manifest says so',
  async run(run) {
    const opening = open(run);
    const { from, prefix, day } = opening;
    const special = [
      ...[...oddKeys, ...ownKeys].map((key) => randomObject(run, `${prefix}${key}`, 100)),
      ...large.map((size) => randomObject(run, `${prefix}large/${size}`, Math.floor(size * megabyte))),
      ...Array.from({ length: 20 }, (_, index) => randomObject(run, `${prefix}empty/${index}`, 0)),
    ];
    const usual = Array.from({ length: number - special.length }, (_, index) =>
      randomObject(run, `${prefix}usual/${index}`, Math.floor(2 ** (run.random() * 16))),
    );
    const objects = await putSource(run, opening, [...special, ...usual]);

    const started = performance.now();
    await backUp(run, from, day);
    const seconds = (performance.now() - started) / 1000;
    run.metric('backup', Number(seconds.toFixed(1)), 's');
    run.metric('objects', Number((number / seconds).toFixed(1)), 'a second');

    const { summary, entries } = await run.step('read the manifest', () => readManifest(from, day, prefix));
    const bytes = objects.reduce((sum, { body }) => sum + body.length, 0);
    const listed = entries.reduce((sum, { size }) => sum + size, 0);
    run.assert(summary.status === 'complete', 'the backup is complete');
    run.assert(entries.length === number, 'the manifest has every object', `${entries.length} of ${number}`);
    run.assert(listed === bytes, 'the manifest has every byte', `${listed} of ${bytes}`);
    run.assert(
      entries.every(({ status }) => status === 'copied'),
      'all of them are copied',
    );
    const byRead = entries.filter((entry) => entry.status === 'copied' && entry.checksum.algorithm === 'READ-SHA256');
    run.metric('compared by reading both', byRead.length);
    await run.step('compare every copy', async () => {
      const wrong = differences(
        new Map(objects.map((object) => [object.key, printOf(object)])),
        await printsUnder(from.s3, from.backupBucket, `${day}/${prefix}`, `${day}/`),
      );
      run.assert(wrong === '', 'every copy is its source: SHA-256, content type, headers, metadata and tags', wrong);
    });
  },
};
