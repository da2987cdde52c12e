import { CreateSnapshotCommand, DeleteSnapshotCommand } from '@aws-sdk/client-ec2';
import { stackTag } from '../../lambda/volume-cleanup/volume';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../shared/scenario';
import {
  agedVolumes,
  assertDeleted,
  cleanUp,
  readDeployment,
  recordOf,
  snapshotsOf,
  writeAged,
  type Deployment,
} from './deployment';

const day = 86_400_000;

/** The default of `snapshotDays`, and a day. */
const expiredDays = 91;

export const expiredSnapshotsProof: Check = {
  name: 'expired-snapshots',
  title: 'a safety snapshot is deleted 90 days after its volume, and never one of somebody else',
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    const faults = faultsOf(run);
    const [expired = '', recent = ''] = await agedVolumes(run, deployment, 2);
    const others = await run.step('make snapshots that are not of this stack', () =>
      Promise.all([
        otherSnapshot(run, deployment, expired, {}),
        otherSnapshot(run, deployment, expired, { [stackTag]: 'AnotherStack', backup: 'yes' }),
      ]),
    );
    await assertDeleted(run, deployment, [expired, recent]);
    run.cleanUp('the age of snapshots', () => faults.setEc2Conditions({ snapshotAgeDays: 0 }));
    await faults.setEc2Conditions({ snapshotAgeDays: 365 });
    await run.step('run the cleanup on the day of the deletion, when the snapshots are a year old', () =>
      cleanUp(deployment),
    );
    run.assertEqual((await snapshotsOf(deployment, expired)).length, 3, 'snapshots of the volume that was deleted now');
    const record = await recordOf(deployment, expired);
    const deletedAt = Date.now() - expiredDays * day;
    await writeAged(deployment, expired, { ...record, deletedAt, version: (record?.version ?? 0) + 1 });
    const counts = await run.step(`run the cleanup ${expiredDays} days after the deletion`, () => cleanUp(deployment));
    run.assertEqual(
      typeof counts === 'string' ? counts : counts['snapshot-expired'],
      1,
      'snapshots that have expired by the report',
    );
    const left = (await snapshotsOf(deployment, expired)).map(({ SnapshotId }) => SnapshotId);
    run.assertEqual(left.length, others.length, 'snapshots of the volume that are left');
    run.assert(
      others.every((id) => left.includes(id)),
      'those of others stay',
    );
    run.assertEqual(
      (await snapshotsOf(deployment, recent)).length,
      1,
      'snapshots of the volume that was deleted today',
    );
  },
};

/** Makes a snapshot that this stack did not make. */
async function otherSnapshot(
  run: ScenarioRun,
  { ec2 }: Deployment,
  VolumeId: string,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const Tags = Object.entries({ 'test-run': run.runId, ...tags }).map(([Key, Value]) => ({ Key, Value }));
  const { SnapshotId = '' } = await ec2.send(
    new CreateSnapshotCommand({ VolumeId, TagSpecifications: [{ ResourceType: 'snapshot', Tags }] }),
  );
  run.cleanUp('a snapshot', async () => void (await ec2.send(new DeleteSnapshotCommand({ SnapshotId }))));
  return SnapshotId;
}
