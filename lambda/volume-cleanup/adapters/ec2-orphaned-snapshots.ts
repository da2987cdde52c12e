import { DescribeImagesCommand, DescribeSnapshotsCommand, type EC2Client, type Snapshot } from '@aws-sdk/client-ec2';
import type { Kind } from '../ports';
import { dollarsOfSnapshot } from '../prices';
import type { Resource } from '../resource';
import { stackTag } from '../volume';
import { itemsOf, tagsOf } from './ec2-pages';

interface OwnSnapshot extends Resource {
  readonly snapshot: Snapshot;
}

/**
 * Volume of copied snapshots: the id is arbitrary and says nothing. A copy counts as one without a volume, since the volume of its
 * original is not in this region. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html
 */
const volumeOfCopies = 'vol-ffffffff';

const bytesOfGibibyte = 2 ** 30;

/** Snapshots whose volume and AMI are gone. They may be somebody's backup: only reported. */
export function orphanedSnapshotKind(client: EC2Client, volumes: ReadonlySet<string>): Kind<OwnSnapshot> {
  let inImages: ReadonlySet<string> = new Set();
  return {
    prefix: 'snap-',
    async *list() {
      inImages = await snapshotsOfImages(client);
      const read = (paging: object) => client.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], ...paging }));
      for await (const snapshot of itemsOf(read, ({ Snapshots }) => Snapshots))
        yield { id: snapshot.SnapshotId ?? '', tags: tagsOf(snapshot.Tags), snapshot };
    },
    usageOf: ({ id, tags, snapshot: { VolumeId = volumeOfCopies } }) => {
      if (volumes.has(VolumeId)) return 'its volume exists';
      return inImages.has(id) ? 'an AMI uses it' : keeperOf(Object.keys(tags));
    },
    dollarsAMonth: ({ snapshot: { FullSnapshotSizeInBytes: bytes, VolumeSize = 0, StorageTier = 'standard' } }) =>
      dollarsOfSnapshot(bytes === undefined ? VolumeSize : bytes / bytesOfGibibyte, StorageTier),
    detailOf: ({ snapshot: { VolumeId = volumeOfCopies } }) =>
      VolumeId === volumeOfCopies ? 'a copy, whose volume is unknown' : `of ${VolumeId}`,
  };
}

/** Service that keeps a snapshot and deletes it itself, by tags that it sets. */
function keeperOf(keys: readonly string[]): string | undefined {
  if (keys.includes(stackTag)) return 'volume-cleanup';
  if (keys.some((key) => key.startsWith('aws:backup:'))) return 'AWS Backup';
  return keys.some((key) => key.startsWith('aws:dlm:') || key.startsWith('dlm:'))
    ? 'Data Lifecycle Manager'
    : undefined;
}

/** A disabled AMI can be enabled again, and keeps its snapshots. */
async function snapshotsOfImages(client: EC2Client): Promise<Set<string>> {
  const found = new Set<string>();
  const read = (paging: object) =>
    client.send(new DescribeImagesCommand({ Owners: ['self'], IncludeDisabled: true, ...paging }));
  for await (const { BlockDeviceMappings = [] } of itemsOf(read, ({ Images }) => Images))
    for (const { Ebs } of BlockDeviceMappings) if (Ebs?.SnapshotId !== undefined) found.add(Ebs.SnapshotId);
  return found;
}
