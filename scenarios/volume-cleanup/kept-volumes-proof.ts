import {
  AttachVolumeCommand,
  CreateTagsCommand,
  DetachVolumeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Check } from '../shared/scenario';
import {
  cleanUp,
  cleanUpUntilEnded,
  createVolume,
  exists,
  readDeployment,
  recordOf,
  secondRegion,
  writeAged,
} from './deployment';

const day = 86_400_000;

export const keptVolumesProof: Check = {
  name: 'kept-volumes',
  title: 'nothing exempt, attached, young, or of a wrong clock is deleted, and the second region is cleaned up',
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    const elsewhere = readDeployment(run, secondRegion);
    const now = Date.now();
    const aged = async (change = {}, tags: Record<string, string> = {}): Promise<string> => {
      const id = await createVolume(run, deployment, { tags });
      await writeAged(deployment, id, change);
      return id;
    };
    const exempt = await aged({}, { 'volume-cleanup:keep': '' });
    const objected = await aged();
    const young = await aged({ firstSeenAt: now - 2 * day, notifiedAt: now - day });
    const inGrace = await aged({ notifiedAt: now - 2 * day });
    const fromTheFuture = await aged({ firstSeenAt: now + 40 * day });
    const unwatched = await aged({ lastSeenAt: now - 20 * day });
    const attached = await aged();
    const other = await createVolume(run, elsewhere);
    await writeAged(elsewhere, other, {}, secondRegion);
    const kept = [exempt, objected, young, inGrace, fromTheFuture, unwatched, attached];

    await run.step('run the cleanup, which makes snapshots', () => cleanUp(deployment));
    run.assertEqual((await recordOf(deployment, attached))?.claimedAt !== undefined, true, 'its snapshot is begun');
    await run.step('attach one volume and object to another between the check and the delete', async () => {
      await attach(run, deployment, attached);
      const tag = { Key: 'volume-cleanup:keep', Value: 'please' };
      await deployment.ec2.send(new CreateTagsCommand({ Resources: [objected], Tags: [tag] }));
    });
    await run.step('run two cleanups at once, until the other region is clean', async () => {
      await Promise.all([cleanUp(deployment), cleanUp(deployment)]);
      await cleanUpUntilEnded(run, deployment, [other], secondRegion);
    });
    for (const id of kept) run.assert(await exists(deployment, id), `${id} stays`);
    run.assert(!(await exists(elsewhere, other)), 'the old volume of the second region is deleted');
    const stages = await Promise.all(kept.map(async (id) => (await recordOf(deployment, id))?.stage));
    run.assertEqual(
      stages,
      ['kept', 'kept', 'unattached', 'unattached', 'unattached', 'unattached', 'kept'],
      'stages of the volumes that stay',
    );
    const begunAnew = await Promise.all(
      [fromTheFuture, unwatched].map(async (id) => (await recordOf(deployment, id))?.firstSeenAt ?? 0),
    );
    run.assert(
      begunAnew.every((time) => time >= now && time <= Date.now()),
      'a time in the future and a gap without runs begin anew',
    );
  },
};

async function attach(
  run: Parameters<Check['run']>[0],
  { ec2 }: ReturnType<typeof readDeployment>,
  VolumeId: string,
): Promise<void> {
  const launch = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
  const { Instances = [] } = await ec2.send(new RunInstancesCommand(launch));
  const InstanceId = Instances[0]?.InstanceId ?? '';
  run.cleanUp('the instance', async () => {
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });
  await ec2.send(new AttachVolumeCommand({ InstanceId, VolumeId, Device: '/dev/xvdf' }));
  // Runs before the instance and the volume are removed.
  run.cleanUp('the attachment', async () => {
    await ec2.send(new DetachVolumeCommand({ VolumeId }));
  });
}
