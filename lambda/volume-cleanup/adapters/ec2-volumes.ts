import {
  CreateSnapshotCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  paginateDescribeVolumes,
  type DescribeSnapshotsCommandOutput,
  type EC2Client,
  type Filter,
  type Snapshot as Ec2Snapshot,
  type Tag,
  type Volume as Ec2Volume,
} from '@aws-sdk/client-ec2';
import type { Volumes } from '../ports';
import { cleanupTag, stackTag, type Snapshot, type Volume } from '../volume';

export interface VolumesOptions {
  readonly client: EC2Client;
  /** Name of the stack, which marks its own snapshots. */
  readonly stack: string;
}

/** A page of EC2 has at most so many items: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
const pageSize = 500;

/** Volumes and snapshots of a region. */
export function ec2Volumes({ client, stack }: VolumesOptions): Volumes {
  return {
    async *list() {
      for await (const { Volumes = [] } of paginateDescribeVolumes({ client, pageSize }, {}))
        yield* Volumes.map(volumeOf);
    },
    find: (id) => findVolume(client, id),
    delete: (id) =>
      outcomeOf(() => client.send(new DeleteVolumeCommand({ VolumeId: id })), 'InvalidVolume.NotFound', 'VolumeInUse'),
    findSnapshots: (cleanup) =>
      collect(snapshots(client, [tagFilter(stackTag, stack), tagFilter(cleanupTag, cleanup)])),
    async createSnapshot(volume, cleanup) {
      // A copied tag of AWS is refused, and an exempt tag of the volume is not for its snapshot.
      const own = { [stackTag]: stack, [cleanupTag]: cleanup };
      const created = await client.send(
        new CreateSnapshotCommand({
          VolumeId: volume.id,
          Description: `Before the deletion of ${volume.id}`,
          TagSpecifications: [{ ResourceType: 'snapshot', Tags: tagsOf(own) }],
        }),
      );
      return { ...snapshotOf(created), tags: own };
    },
    listSnapshots: () => snapshots(client, [tagFilter(stackTag, stack)]),
    deleteSnapshot: (id) =>
      outcomeOf(
        () => client.send(new DeleteSnapshotCommand({ SnapshotId: id })),
        'InvalidSnapshot.NotFound',
        'InvalidSnapshot.InUse',
      ),
  };
}

/** Returns a volume as it is now, or undefined if there is none. Needs `ec2:DescribeVolumes`. */
export async function findVolume(client: EC2Client, id: string): Promise<Volume | undefined> {
  try {
    const { Volumes = [] } = await client.send(new DescribeVolumesCommand({ VolumeIds: [id] }));
    return Volumes.map(volumeOf)[0];
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidVolume.NotFound') return undefined;
    throw error;
  }
}

async function* snapshots(client: EC2Client, Filters: Filter[]): AsyncGenerator<Snapshot> {
  let NextToken: string | undefined;
  do {
    const input = { OwnerIds: ['self'], Filters, MaxResults: pageSize, NextToken };
    const page: DescribeSnapshotsCommandOutput = await client.send(new DescribeSnapshotsCommand(input));
    yield* (page.Snapshots ?? []).map(snapshotOf);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function outcomeOf(
  send: () => Promise<unknown>,
  gone: string,
  inUse: string,
): Promise<'deleted' | 'gone' | 'in-use'> {
  try {
    await send();
    return 'deleted';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === gone) return 'gone';
    if (error.name === inUse) return 'in-use';
    throw error;
  }
}

/** Filters compare with wildcards: `*`, `?` and the backslash are escaped. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
function tagFilter(key: string, value: string): Filter {
  return { Name: `tag:${key}`, Values: [value.replace(/[*?\\]/g, '\\$&')] };
}

function tagsOf(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function recordOf(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function volumeOf(volume: Ec2Volume): Volume {
  const { Iops: iops, Throughput: throughput, KmsKeyId: kmsKeyId, SnapshotId: origin } = volume;
  return {
    id: volume.VolumeId ?? '',
    state: volume.State ?? 'unknown',
    isAttached: (volume.Attachments ?? []).length > 0,
    zone: volume.AvailabilityZone ?? '',
    type: volume.VolumeType ?? '',
    gibibytes: volume.Size ?? 0,
    encrypted: volume.Encrypted ?? false,
    tags: recordOf(volume.Tags),
    ...(volume.MultiAttachEnabled === true ? { multiAttach: true } : {}),
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
    tags: recordOf(Tags),
  };
}
