import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { candidates } from '../../../lambda/volume-cleanup/adapters/dynamodb-candidates';
import type { ResourceRecord } from '../../../lambda/volume-cleanup/record';
import type { Volume } from '../../../lambda/volume-cleanup/volume';
import { undo } from '../../../operations/volume-cleanup/undo';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { fakeEc2 } from '../../lambda/volume-cleanup/fake-ec2';

const now = Date.UTC(2026, 0, 1);
const volume: Volume = {
  ...{ id: 'vol-1', state: 'available', isAttached: false, zone: 'us-east-1b', type: 'gp3', gibibytes: 12 },
  ...{ iops: 4_000, throughput: 250, encrypted: true, kmsKeyId: 'arn:key', origin: 'snap-0' },
  tags: { owner: 'ann', 'aws:cloudformation:stack-name': 'x' },
};

async function undoOf(change: Partial<ResourceRecord>) {
  const fake = new FakeDynamoDB({ Candidates: { partitionKey: 'region', sortKey: 'id' } });
  const dynamodb = new DynamoDBClient(fake.clientConfig);
  const table = candidates({ client: dynamodb, tableName: 'Candidates' }, { volumes: 1, gibibytes: 1 }, () => now);
  const times = { firstSeenAt: now, lastSeenAt: now };
  await table.write({ id: 'vol-1', region: 'us-east-1', version: 1, stage: 'deleted', ...times, ...change });
  const { client: ec2, requests } = fakeEc2(() => '<volumeId>vol-2</volumeId>');
  const undone = await undo({ dynamodb, ec2, tableName: 'Candidates' }, 'us-east-1', 'vol-1');
  return {
    undone,
    request: Object.fromEntries(requests[0] ?? []),
    record: (await table.ofRegion('us-east-1')).get('vol-1'),
  };
}

it('a volume has its zone, type, size, IOPS, throughput, key and tags again, and names its predecessor', async () => {
  const { undone, request, record } = await undoOf({ volume, snapshotId: 'snap-1' });
  expect(undone).toEqual({ volumeId: 'vol-2', snapshotId: 'snap-1' });
  expect(record?.restoredAs).toBe('vol-2');
  expect(request).toMatchObject({
    ...{ SnapshotId: 'snap-1', AvailabilityZone: 'us-east-1b', VolumeType: 'gp3', Size: '12' },
    ...{ Iops: '4000', Throughput: '250', Encrypted: 'true', KmsKeyId: 'arn:key', ClientToken: 'undo-vol-1' },
    ...{ 'TagSpecification.1.Tag.1.Key': 'owner', 'TagSpecification.1.Tag.1.Value': 'ann' },
    ...{ 'TagSpecification.1.Tag.2.Key': 'volume-cleanup:restored-from', 'TagSpecification.1.Tag.2.Value': 'vol-1' },
  });
});

it('IOPS of a type whose IOPS follow from its size are not requested', async () => {
  const { request } = await undoOf({ volume: { ...volume, type: 'gp2', encrypted: false }, snapshotId: 'snap-1' });
  expect(request).not.toHaveProperty('Iops');
  expect(request).not.toHaveProperty('Throughput');
  expect(request).not.toHaveProperty('Encrypted');
});

it('a volume that was not deleted, or an address, has nothing to undo', async () => {
  expect((await undoOf({ stage: 'deleting', volume, snapshotId: 'snap-1' })).undone).toEqual({
    reason: "its stage is 'deleting', not 'deleted'",
  });
  expect((await undoOf({})).undone).toHaveProperty('reason');
});
