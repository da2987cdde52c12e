import type { Check } from '../shared/scenario';
import { deleteAll } from './clean-up';
import { backUp, restore } from './executions';
import { readManifest } from './manifests';
import { assertCounts, listen } from './messages';
import { open, putSource } from './opening';
import { differences, keysUnder, printOf, printsUnder, randomObject } from './source-objects';

const number = 200;

export const smokeTest: Check = {
  name: 'two-hundred-objects',
  title: 'two hundred objects are backed up, deleted, and restored as they were',
  async run(run) {
    const opening = open(run);
    const { from, prefix, day } = opening;
    const { s3, sourceBucket } = from;
    const hear = await listen(run);
    const objects = Array.from({ length: number }, (_, index) =>
      randomObject(run, `${prefix}folder ${index % 7}/object+${index}.bin`, Math.floor(run.random() * 50_000)),
    );
    await putSource(run, opening, objects);
    const bytes = objects.reduce((sum, { body }) => sum + body.length, 0);

    const started = performance.now();
    await backUp(run, from, day);
    run.metric('backup', Number(((performance.now() - started) / 1000).toFixed(1)), 's');
    const { summary, entries } = await run.step('read the manifest', () => readManifest(from, day, prefix));
    run.assert(summary.status === 'complete', 'the backup is complete');
    const { counts } = summary;
    const text = await hear(`Backup of ${day}: every copy matches`);
    assertCounts(run, text, `${counts.copied} objects copied`, counts.bytes);
    run.assert(entries.length === number, `the manifest has ${number} entries`, String(entries.length));

    await run.step('delete everything', async () =>
      deleteAll(s3, sourceBucket, await keysUnder(s3, sourceBucket, prefix)),
    );
    const gone = await keysUnder(s3, sourceBucket, prefix);
    run.assert(gone.length === 0, 'nothing is left of it', String(gone.length));

    const restoring = performance.now();
    await restore(run, from, { day, prefix });
    run.metric('restore', Number(((performance.now() - restoring) / 1000).toFixed(1)), 's');
    assertCounts(run, await hear(`Restore of ${day} to ${sourceBucket}: done`), `${number} objects restored`, bytes);
    await run.step('compare every object', async () => {
      const wrong = differences(
        new Map(objects.map((object) => [object.key, printOf(object)])),
        await printsUnder(s3, sourceBucket, prefix),
      );
      run.assert(wrong === '', `all ${number} are back: bytes, content types, headers, metadata and tags`, wrong);
    });
  },
};
