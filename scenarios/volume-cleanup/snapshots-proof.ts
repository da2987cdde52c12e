import { faultsOf } from '../shared/faults/fault-injector';
import type { Check } from '../shared/scenario';
import { cleanUp, cleanUpUntilEnded, createVolume, exists, readDeployment, snapshotsOf, writeAged } from './deployment';

export const snapshotsProof: Check = {
  name: 'snapshots-come-first',
  title: 'no volume is deleted before its snapshot is complete, and a failed snapshot is made again',
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    const faults = faultsOf(run);
    run.cleanUp('the conditions of EC2', () => faults.setEc2Conditions({ snapshots: 'completed' }));
    await faults.setEc2Conditions({ snapshots: 'pending' });
    const id = await createVolume(run, deployment);
    await writeAged(deployment, id);
    await run.step('run the cleanup three times while the snapshot is pending', async () => {
      for (let count = 0; count < 3; count += 1) await cleanUp(deployment);
    });
    run.assert(await exists(deployment, id), 'the volume stays while its snapshot is pending');
    run.assertEqual((await snapshotsOf(deployment, id)).length, 1, 'snapshots after three runs');
    await faults.setEc2Conditions({ snapshots: 'error' });
    await run.step('run it while the snapshot has failed', () => cleanUp(deployment));
    run.assert(await exists(deployment, id), 'the volume stays after a failed snapshot');
    await faults.setEc2Conditions({ snapshots: 'completed' });
    await run.step('run it until the new snapshot is complete', () => cleanUpUntilEnded(run, deployment, [id]));
    run.assert(!(await exists(deployment, id)), 'the volume is deleted after a complete snapshot');
  },
};
