import { setTimeout as sleep } from 'node:timers/promises';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check } from '../shared/scenario';
import { agedVolumes, assertDeleted, cleanUp, readDeployment, recordOf, writeAged } from './deployment';

const kills = 12;

export const killsProof: Check = {
  name: 'killed-runs',
  title: 'runs that are killed at any moment delete no volume without a snapshot, and later runs finish',
  needs: 'faults',
  expectedErrors: 'all',
  async run(run) {
    const deployment = readDeployment(run);
    const faults = faultsOf(run);
    const ids = await agedVolumes(run, deployment, 12);
    let killed = 0;
    await run.step(`kill ${kills} runs`, async () => {
      for (let attempt = 0; killed < kills && attempt < 60; attempt += 1) {
        const running = cleanUp(deployment).catch(() => 'killed');
        await sleep(20 + run.random() * 200);
        killed += await faults.kill(deployment.functionName);
        await running;
      }
    });
    run.metric('runs killed', killed);
    // A claim without a snapshot waits ten minutes for the list of snapshots: the test shortens that.
    for (const id of ids) {
      const record = await recordOf(deployment, id);
      if (record?.stage === 'unattached' && record.claimedAt !== undefined && record.snapshotId === undefined) {
        await writeAged(deployment, id, { ...record, claimedAt: Date.now() - 3_600_000, version: record.version + 1 });
      }
    }
    await assertDeleted(run, deployment, ids);
  },
};
