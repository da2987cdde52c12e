import type { Check } from '../shared/scenario';
import { cleanUp, createVolume, exists, readDeployment, recordOf, writeAged } from './deployment';

/** Main function on real input, in seconds; it holds in a dry run and without one. */
export const smokeTest: Check = {
  name: 'old-volumes-are-found',
  title: 'an old unattached volume is a candidate, a new one is seen, and both stay',
  async run(run) {
    const deployment = readDeployment(run);
    const old = await createVolume(run, deployment, { tags: { owner: 'team a' } });
    const fresh = await createVolume(run, deployment);
    await writeAged(deployment, old, { notifiedAt: undefined });
    const counts = await run.step('run the cleanup', () => cleanUp(deployment));
    if (typeof counts === 'string') throw new Error(`the run failed with ${counts}`);
    run.assert((counts['candidate'] ?? 0) + (counts['notified'] ?? 0) > 0, 'the old volume is reported');
    run.assertEqual((await recordOf(deployment, fresh))?.stage, 'unattached', 'stage of the new volume');
    run.assert((await exists(deployment, old)) && (await exists(deployment, fresh)), 'both volumes stay');
  },
};
