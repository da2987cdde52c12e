import type { Check } from '../shared/scenario';
import { backUp, restore } from './executions';
import { readManifest } from './manifests';
import { open } from './opening';
import { keysUnder } from './source-objects';

export const emptyProof: Check = {
  name: 'empty',
  title: 'an empty bucket has an empty manifest, and that is a success',
  async run(run) {
    const { from, day } = open(run);
    const there = await keysUnder(from.s3, from.sourceBucket, '');
    if (there.length > 0) throw new Error(`the source bucket holds ${there.length} objects: this check needs it empty`);
    await backUp(run, from, day);
    const { summary, entries } = await readManifest(from, day, '');
    run.assert(summary.status === 'complete', 'the backup is complete');
    run.assert(entries.length === 0 && summary.parts.count === 0, 'the manifest is empty', String(entries.length));
    await restore(run, from, { day });
  },
};
