import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateVolumeCommand, type EC2Client, type VolumeType } from '@aws-sdk/client-ec2';
import type { ResourceRecord } from '../../lambda/volume-cleanup/record';
import type { Volume } from '../../lambda/volume-cleanup/volume';

export interface UndoDependencies {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly ec2: Pick<EC2Client, 'send'>;
  readonly tableName: string;
}

/** New volume, or why there is none. */
export type Undone = { readonly volumeId: string; readonly snapshotId: string } | { readonly reason: string };

/** Tag of a restored volume, with the id of the volume that it replaces. */
export const restoredTag = 'volume-cleanup:restored-from';

/** Makes a deleted volume again, once however often it is called. */
export async function undo(
  { dynamodb, ec2, tableName }: UndoDependencies,
  region: string,
  id: string,
): Promise<Undone> {
  const Key = { region: { S: region }, id: { S: id } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
  if (Item === undefined) return { reason: 'the Candidates table has no such volume' };
  const record = JSON.parse(Item['record']?.S ?? '') as ResourceRecord;
  const { volume, snapshotId } = record;
  if (record.stage !== 'deleted' || volume === undefined || snapshotId === undefined) {
    return { reason: `its stage is '${record.stage}', not 'deleted'` };
  }
  const { VolumeId: volumeId = '' } = await ec2.send(new CreateVolumeCommand(requestOf(volume, snapshotId)));
  const version = record.version + 1;
  await dynamodb.send(
    new PutItemCommand({
      TableName: tableName,
      Item: {
        ...Item,
        version: { N: String(version) },
        record: { S: JSON.stringify({ ...record, version, restoredAs: volumeId } satisfies ResourceRecord) },
      },
      ConditionExpression: '#version = :before',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':before': { N: String(record.version) } },
    }),
  );
  return { volumeId, snapshotId };
}

function requestOf(volume: Volume, SnapshotId: string) {
  const { id, zone, type, gibibytes, iops, throughput, encrypted, kmsKeyId, multiAttach } = volume;
  // Tags of AWS, such as aws:cloudformation:…, can be set by AWS alone.
  const tags = Object.entries(volume.tags).filter(([key]) => !key.startsWith('aws:'));
  return {
    SnapshotId,
    AvailabilityZone: zone,
    VolumeType: type as VolumeType,
    Size: gibibytes,
    // IOPS of other types follow from the size, and EC2 refuses them in the request.
    ...(iops !== undefined && /^(gp3|io1|io2)$/.test(type) ? { Iops: iops } : {}),
    ...(throughput !== undefined && type === 'gp3' ? { Throughput: throughput } : {}),
    ...(encrypted ? { Encrypted: true } : {}),
    ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
    ...(multiAttach === true ? { MultiAttachEnabled: true } : {}),
    ClientToken: `undo-${id}`,
    TagSpecifications: [
      {
        ResourceType: 'volume' as const,
        Tags: [...tags, [restoredTag, id] as const].map(([Key, Value]) => ({ Key, Value })),
      },
    ],
  };
}
