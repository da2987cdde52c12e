import { faultsOf } from '../shared/faults/fault-injector';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../shared/scenario';
import {
  cleanUp,
  cleanUpUntilEnded,
  createVolume,
  exists,
  readDeployment,
  recordOf,
  snapshotsOf,
  writeAged,
} from './deployment';

const volumes = 12;
const kills = 12;

export const killsProof: Check = {
  name: 'killed-runs',
  title: 'runs that are killed at any moment delete no volume without a snapshot, and later runs finish',
  needs: 'faults',
  expectedErrors: 'all',
  async run(run) {
    const deployment = readDeployment(run);
    const faults = faultsOf(run);
    const ids = await Promise.all(Array.from({ length: volumes }, () => createVolume(run, deployment)));
    for (const id of ids) await writeAged(deployment, id);
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
    await run.step('run the cleanup until all have ended', () => cleanUpUntilEnded(run, deployment, ids));
    for (const id of ids) {
      const record = await recordOf(deployment, id);
      const found = (await snapshotsOf(deployment, id)).find(({ SnapshotId }) => SnapshotId === record?.snapshotId);
      if (await exists(deployment, id)) run.assert(false, `${id} is deleted`);
      if (record?.stage !== 'deleted' || found === undefined)
        run.assert(false, `${id} has a snapshot`, JSON.stringify(record));
    }
    run.assert(true, `${volumes} volumes are deleted, each with its snapshot`);
  },
};
