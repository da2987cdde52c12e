import { keysUnder } from '../shared/s3-keys';
import type { Check } from '../shared/scenario';
import { backUp, restore } from './executions';
import { readManifest } from './manifests';
import { prepare } from './fixture';

export const emptyProof: Check = {
  name: 'empty',
  title: 'the backup of an empty bucket succeeds with an empty manifest',
  async run(run) {
    const { deployment, day } = prepare(run);
    const existing = await keysUnder(deployment.s3, deployment.sourceBucket, '');
    if (existing.length > 0)
      throw new Error(`this check needs an empty source bucket, and it has ${existing.length} objects`);
    await backUp(run, deployment, day);
    const { summary, entries } = await readManifest(deployment, day, '');
    run.assert(summary.status === 'complete', 'the backup is complete');
    run.assert(entries.length === 0 && summary.parts.count === 0, 'the manifest is empty', String(entries.length));
    await restore(run, deployment, { day });
  },
};
