import { deleteKeys, keysUnder } from '../shared/s3-keys';
import type { Check } from '../shared/scenario';
import { statesEntered } from '../shared/step-functions';
import { backUp, restore } from './executions';
import { readManifest } from './manifests';
import { assertCounts, listenToTopic } from './messages';
import { prepare, putObjects } from './fixture';
import { differences, fingerprintOf, fingerprintsUnder, randomObject } from './source-objects';

const objectCount = 200;

export const smokeTest: Check = {
  name: 'two-hundred-objects',
  title: 'two hundred objects are backed up, deleted, and restored unchanged',
  async run(run) {
    const fixture = prepare(run);
    const { deployment, prefix, day } = fixture;
    const { s3, sourceBucket } = deployment;
    const nextMessage = await listenToTopic(run);
    const objects = Array.from({ length: objectCount }, (_, index) =>
      randomObject(run, `${prefix}folder ${index % 7}/object+${index}.bin`, Math.floor(run.random() * 50_000)),
    );
    await putObjects(run, fixture, objects);
    const bytes = objects.reduce((sum, { body }) => sum + body.length, 0);

    const started = performance.now();
    const { executionArn: backup = '' } = await backUp(run, deployment, day);
    run.metric('backup', Number(((performance.now() - started) / 1000).toFixed(1)), 's');
    run.path('backup', await statesEntered(deployment.stepFunctions, backup));
    const { summary, entries } = await run.step('read the manifest', () => readManifest(deployment, day, prefix));
    run.assert(summary.status === 'complete', 'the backup is complete');
    const { counts } = summary;
    const text = await nextMessage(`Backup of ${day}: every copy matches`);
    assertCounts(run, text, `${counts.copied} objects copied`, counts.bytes);
    run.assert(entries.length === objectCount, `the manifest has ${objectCount} entries`, String(entries.length));

    await run.step('delete everything', async () =>
      deleteKeys(s3, sourceBucket, await keysUnder(s3, sourceBucket, prefix)),
    );
    const remaining = await keysUnder(s3, sourceBucket, prefix);
    run.assert(remaining.length === 0, 'the source is empty', String(remaining.length));

    const restoring = performance.now();
    const { executionArn: restoration = '' } = await restore(run, deployment, { day, prefix });
    run.metric('restore', Number(((performance.now() - restoring) / 1000).toFixed(1)), 's');
    run.path('restore', await statesEntered(deployment.stepFunctions, restoration));
    assertCounts(
      run,
      await nextMessage(`Restore of ${day} to ${sourceBucket}: complete`),
      `${objectCount} objects restored`,
      bytes,
    );
    await run.step('compare every object', async () => {
      const different = differences(
        new Map(objects.map((object) => [object.key, fingerprintOf(object)])),
        await fingerprintsUnder(s3, sourceBucket, prefix),
      );
      run.assert(
        different === '',
        `all ${objectCount} are restored: bytes, content types, headers, metadata and tags`,
        different,
      );
    });
  },
};
