import {
  CreateSnapshotCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Filter,
  type Snapshot as Ec2Snapshot,
  type Volume as Ec2Volume,
} from '@aws-sdk/client-ec2';
import type { Deleted, Volumes } from '../ports';
import { cleanupTag, stackTag, type Snapshot, type Volume } from '../volume';
import { itemsOf, tagsOf } from './ec2-pages';

export interface VolumesOptions {
  readonly client: EC2Client;
  /** Name of the stack, which marks its own snapshots. */
  readonly stack: string;
}

/** Volumes and safety snapshots of a region. */
export function ec2Volumes({ client, stack }: VolumesOptions): Volumes {
  return {
    async *list() {
      const read = (paging: object) => client.send(new DescribeVolumesCommand(paging));
      for await (const volume of itemsOf(read, ({ Volumes }) => Volumes)) yield volumeOf(volume);
    },
    find: (id) => findVolume(client, id),
    delete: (id) =>
      deletedBy(() => client.send(new DeleteVolumeCommand({ VolumeId: id })), {
        gone: ['InvalidVolume.NotFound'],
        // IncorrectState: it is being attached. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
        inUse: ['VolumeInUse', 'IncorrectState'],
      }),
    async findSnapshots(cleanup) {
      const found: Snapshot[] = [];
      const filters = [tagFilter(stackTag, stack), tagFilter(cleanupTag, cleanup)];
      for await (const snapshot of snapshots(client, filters)) found.push(snapshot);
      return found;
    },
    async createSnapshot(volume, cleanup) {
      // A copied tag of AWS is refused, and an exempt tag of the volume is not for its snapshot.
      const own = { [stackTag]: stack, [cleanupTag]: cleanup };
      const Tags = Object.entries(own).map(([Key, Value]) => ({ Key, Value }));
      const created = await client.send(
        new CreateSnapshotCommand({
          VolumeId: volume.id,
          Description: `Before the deletion of ${volume.id}`,
          TagSpecifications: [{ ResourceType: 'snapshot', Tags }],
        }),
      );
      return { ...snapshotOf(created), tags: own };
    },
    listSnapshots: () => snapshots(client, [tagFilter(stackTag, stack)]),
    deleteSnapshot: (id) =>
      deletedBy(() => client.send(new DeleteSnapshotCommand({ SnapshotId: id })), {
        gone: ['InvalidSnapshot.NotFound'],
        inUse: ['InvalidSnapshot.InUse'],
      }),
  };
}

/** Returns a volume as it is now, or undefined if there is none. Needs `ec2:DescribeVolumes`. */
async function findVolume(client: EC2Client, id: string): Promise<Volume | undefined> {
  try {
    const { Volumes = [] } = await client.send(new DescribeVolumesCommand({ VolumeIds: [id] }));
    return Volumes.map(volumeOf)[0];
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidVolume.NotFound') return undefined;
    throw error;
  }
}

async function* snapshots(client: EC2Client, Filters: Filter[]): AsyncGenerator<Snapshot> {
  const read = (paging: object) =>
    client.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters, ...paging }));
  for await (const snapshot of itemsOf(read, ({ Snapshots }) => Snapshots)) yield snapshotOf(snapshot);
}

/** Sends a request to delete, and tells the errors that say that nothing is there or that it is used from others. */
export async function deletedBy(
  send: () => Promise<unknown>,
  errors: { readonly gone: readonly string[]; readonly inUse: readonly string[] },
): Promise<Deleted> {
  try {
    await send();
    return 'deleted';
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (errors.gone.includes(name)) return 'gone';
    if (errors.inUse.includes(name)) return 'in-use';
    throw error;
  }
}

/** Filters compare with wildcards: `*`, `?` and the backslash are escaped. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
function tagFilter(key: string, value: string): Filter {
  return { Name: `tag:${key}`, Values: [value.replace(/[*?\\]/g, '\\$&')] };
}

function volumeOf(volume: Ec2Volume): Volume {
  const { Iops: iops, Throughput: throughput, KmsKeyId: kmsKeyId, SnapshotId: origin, Operator, OutpostArn } = volume;
  const managedBy = Operator?.Managed === true ? (Operator.Principal ?? 'a service') : OutpostArn;
  return {
    id: volume.VolumeId ?? '',
    state: volume.State ?? 'unknown',
    isAttached: (volume.Attachments ?? []).length > 0,
    zone: volume.AvailabilityZone ?? '',
    type: volume.VolumeType ?? '',
    gibibytes: volume.Size ?? 0,
    encrypted: volume.Encrypted ?? false,
    tags: tagsOf(volume.Tags),
    ...(volume.MultiAttachEnabled === true ? { multiAttach: true } : {}),
    ...(managedBy === undefined ? {} : { managedBy }),
    ...(iops === undefined ? {} : { iops }),
    ...(throughput === undefined ? {} : { throughput }),
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    ...(origin === undefined || origin === '' ? {} : { origin }),
  };
}

/** `recoverable` and `recovering` are states of the Recycle Bin: such a snapshot saves nobody. */
function snapshotOf({ SnapshotId, VolumeId, State, VolumeSize, StartTime, Tags }: Ec2Snapshot): Snapshot {
  return {
    id: SnapshotId ?? '',
    volumeId: VolumeId ?? '',
    state: State === 'completed' || State === 'pending' ? State : 'error',
    gibibytes: VolumeSize ?? 0,
    startedAt: StartTime?.getTime() ?? Infinity,
    tags: tagsOf(Tags),
  };
}
