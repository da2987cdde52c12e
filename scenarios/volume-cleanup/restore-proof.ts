import { DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import type { Check } from '../shared/scenario';
import { restoredTag, undo } from '../../operations/volume-cleanup/undo';
import {
  cleanUp,
  cleanUpUntilEnded,
  createVolume,
  exists,
  mainRegion,
  readDeployment,
  recordOf,
  removeVolume,
  snapshotsOf,
  writeAged,
} from './deployment';

/** A volume from its first sight to its deletion, and back. */
export const restoreProof: Check = {
  name: 'deleted-and-restored',
  title: 'an old unattached volume is deleted after its snapshot and can be made again, and a new one stays',
  async run(run) {
    const deployment = readDeployment(run);
    const { dynamodb, ec2, tableName } = deployment;
    const settings = { Iops: 4_000, Throughput: 250, Size: 12, Encrypted: true };
    const old = await createVolume(run, deployment, {
      ...{ ...settings, KmsKeyId: 'alias/aws/ebs' },
      tags: { owner: 'team a', note: 'a & b' },
    });
    const key = await keyOf(deployment, old);
    const fresh = await createVolume(run, deployment);
    await writeAged(deployment, old);
    await run.step('run the cleanup', () => cleanUp(deployment));
    run.assert(await exists(deployment, old), 'the first run does not delete: it makes the snapshot');
    await run.step('run it again until the snapshot is complete', () => cleanUpUntilEnded(run, deployment, [old]));
    run.assert(!(await exists(deployment, old)), 'the old volume is deleted');
    run.assert(await exists(deployment, fresh), 'the new volume stays');
    run.assertEqual((await recordOf(deployment, fresh))?.stage, 'unattached', 'stage of the new volume');
    run.assertEqual((await snapshotsOf(deployment, old)).length, 1, 'snapshots of the old volume');

    const undone = await run.step('undo', () => undo({ dynamodb, ec2, tableName }, mainRegion, old));
    const again = await undo({ dynamodb, ec2, tableName }, mainRegion, old);
    if ('reason' in undone) throw new Error(undone.reason);
    run.cleanUp('the restored volume', () => removeVolume(ec2, undone.volumeId));
    run.assertEqual(again, undone, 'a second undo makes no second volume');
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: [undone.volumeId] }));
    const { Iops, Throughput, Size, Encrypted, VolumeType, AvailabilityZone, SnapshotId, Tags = [] } = Volumes[0] ?? {};
    run.assertEqual(
      { Iops, Throughput, Size, Encrypted, VolumeType, AvailabilityZone, SnapshotId },
      { ...settings, VolumeType: 'gp3', AvailabilityZone: `${mainRegion}a`, SnapshotId: undone.snapshotId },
      'settings and snapshot of the restored volume',
    );
    run.assertEqual(await keyOf(deployment, undone.volumeId), key, 'encryption key of the restored volume');
    const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    run.assertEqual(
      [tags['owner'], tags['note'], tags[restoredTag]],
      ['team a', 'a & b', old],
      'tags of the restored volume, with the volume that it replaces',
    );
    run.assertEqual((await recordOf(deployment, old))?.restoredAs, undone.volumeId, 'new volume in the record');
  },
};

async function keyOf({ ec2 }: ReturnType<typeof readDeployment>, id: string): Promise<string> {
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }));
  return Volumes[0]?.KmsKeyId ?? 'none';
}
