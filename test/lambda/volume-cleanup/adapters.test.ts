import { addressKind } from '../../../lambda/volume-cleanup/adapters/ec2-addresses';
import { orphanedSnapshotKind } from '../../../lambda/volume-cleanup/adapters/ec2-orphaned-snapshots';
import { stoppedInstanceKind } from '../../../lambda/volume-cleanup/adapters/ec2-stopped-instances';
import { ec2Volumes } from '../../../lambda/volume-cleanup/adapters/ec2-volumes';
import { volumeKind } from '../../../lambda/volume-cleanup/volume-kind';
import { fakeEc2, pageOf, type Ec2Answer } from './fake-ec2';
import { FakeRegion } from './fake-region';

const volumesOf = (answer: (action: string, params: URLSearchParams) => Ec2Answer) => {
  const { client, requests } = fakeEc2(answer);
  return { volumes: ec2Volumes({ client, stack: 'Stack*1' }), requests };
};
const all = async <Item>(items: Iterable<Item> | AsyncIterable<Item>): Promise<Item[]> => {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
};
const tag = (key: string, value = '') => `<item><key>${key}</key><value>${value}</value></item>`;
const volumeXml = (id: string, more = '') =>
  `<volumeId>${id}</volumeId><size>8</size><availabilityZone>us-east-1a</availabilityZone><status>available</status><volumeType>gp3</volumeType>${more}`;

describe('volumes', () => {
  it('are read in pages of 500, each volume once', async () => {
    const items = Array.from({ length: 2_500 }, (_, index) => volumeXml(`vol-${index}`));
    const { volumes, requests } = volumesOf((_, params) => pageOf(items, params, 'volumeSet'));
    const found = await all(volumes.list());
    expect(new Set(found.map(({ id }) => id)).size).toBe(2_500);
    expect(found).toHaveLength(2_500);
    expect(requests.map((params) => params.get('MaxResults'))).toEqual(Array.from({ length: 5 }, () => '500'));
  });

  it('have more pages after an empty one', async () => {
    const { volumes } = volumesOf((_, params) =>
      params.get('NextToken') === null
        ? '<volumeSet/><nextToken>more</nextToken>'
        : `<volumeSet><item>${volumeXml('vol-1')}</item></volumeSet>`,
    );
    expect(await all(volumes.list())).toHaveLength(1);
  });

  it('have all settings that an undo needs', async () => {
    const attachment = '<attachmentSet><item><instanceId>i-1</instanceId></item></attachmentSet>';
    const settings =
      '<iops>4000</iops><throughput>250</throughput><encrypted>true</encrypted><kmsKeyId>arn:key</kmsKeyId><snapshotId>snap-0</snapshotId><multiAttachEnabled>true</multiAttachEnabled>';
    const { volumes } = volumesOf(
      () =>
        `<volumeSet><item>${volumeXml('vol-1', `${settings}${attachment}<tagSet>${tag('a', 'b &amp; c')}</tagSet>`)}</item></volumeSet>`,
    );
    expect(await all(volumes.list())).toEqual([
      {
        ...{ id: 'vol-1', state: 'available', isAttached: true, zone: 'us-east-1a', type: 'gp3', gibibytes: 8 },
        ...{ iops: 4_000, throughput: 250, encrypted: true, kmsKeyId: 'arn:key', origin: 'snap-0', multiAttach: true },
        tags: { a: 'b & c' },
      },
    ]);
  });

  it('that a service manages, or that are on an Outpost, are kept', async () => {
    const managed = '<operator><managed>true</managed><principal>ecs.amazonaws.com</principal></operator>';
    const { volumes } = volumesOf(
      () =>
        `<volumeSet><item>${volumeXml('vol-1', managed)}</item><item>${volumeXml('vol-2', '<outpostArn>arn:outpost</outpostArn>')}</item></volumeSet>`,
    );
    const kind = volumeKind({ volumes, records: new FakeRegion().table, now: Date.now }, []);
    expect((await all(volumes.list())).map((volume) => kind.usageOf(volume))).toEqual([
      'managed by ecs.amazonaws.com',
      'managed by arn:outpost',
    ]);
  });

  it('that are gone are undefined, and other errors are errors', async () => {
    const find = (error: string) => volumesOf(() => ({ error })).volumes.find('vol-1');
    expect(await find('InvalidVolume.NotFound')).toBeUndefined();
    await expect(find('UnauthorizedOperation')).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  });

  it.each([
    ['InvalidVolume.NotFound', 'gone'],
    ['VolumeInUse', 'in-use'],
    ['IncorrectState', 'in-use'],
  ])('that answer %s to a deletion are %s', async (error, expected) => {
    expect(await volumesOf(() => ({ error })).volumes.delete('vol-1')).toBe(expected);
  });

  it('that may not be deleted are an error', async () => {
    const { volumes } = volumesOf(() => ({ error: 'UnauthorizedOperation', status: 403 }));
    await expect(volumes.delete('vol-1')).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  });

  it('are deleted after throttled attempts, within the attempts of the client', async () => {
    let attempts = 0;
    const { volumes } = volumesOf(() =>
      (attempts += 1) < 3 ? { error: 'RequestLimitExceeded', status: 503 } : '<return>true</return>',
    );
    expect(await volumes.delete('vol-1')).toBe('deleted');
    expect(attempts).toBe(3);
  });
});

describe('safety snapshots', () => {
  it('have the tags of the stack and the attempt from their creation on', async () => {
    const { volumes, requests } = volumesOf(
      () => '<snapshotId>snap-1</snapshotId><volumeId>vol-1</volumeId><status>pending</status>',
    );
    const volume = { id: 'vol-1' } as Parameters<typeof volumes.createSnapshot>[0];
    expect(await volumes.createSnapshot(volume, 'vol-1/5')).toMatchObject({ id: 'snap-1', state: 'pending' });
    const request = Object.fromEntries(requests[0] ?? []);
    expect(request).toMatchObject({
      'TagSpecification.1.ResourceType': 'snapshot',
      'TagSpecification.1.Tag.1.Key': 'volume-cleanup:stack',
      'TagSpecification.1.Tag.1.Value': 'Stack*1',
      'TagSpecification.1.Tag.2.Value': 'vol-1/5',
    });
  });

  it.each([
    ['completed', 'completed'],
    ['pending', 'pending'],
    ['error', 'error'],
    ['recoverable', 'error'],
    ['recovering', 'error'],
  ])('in the state %s count as %s', async (state, expected) => {
    const { volumes } = volumesOf(
      () => `<snapshotSet><item><snapshotId>snap-1</snapshotId><status>${state}</status></item></snapshotSet>`,
    );
    expect((await volumes.findSnapshots('vol-1/5')).map((one) => one.state)).toEqual([expected]);
  });

  it('are found by both tags, whose wildcards are escaped, and listed in pages', async () => {
    const items = Array.from({ length: 501 }, (_, index) => `<snapshotId>snap-${index}</snapshotId>`);
    const { volumes, requests } = volumesOf((_, params) => pageOf(items, params, 'snapshotSet'));
    expect(await all(volumes.listSnapshots())).toHaveLength(501);
    await volumes.findSnapshots('vol-1/5');
    const filters = Object.fromEntries(requests.at(-1) ?? []);
    expect(filters).toMatchObject({
      'Filter.1.Name': 'tag:volume-cleanup:stack',
      'Filter.1.Value.1': String.raw`Stack\*1`,
      'Filter.2.Value.1': 'vol-1/5',
      'Owner.1': 'self',
    });
    expect(requests).toHaveLength(4);
  });

  it.each([
    ['InvalidSnapshot.NotFound', 'gone'],
    ['InvalidSnapshot.InUse', 'in-use'],
  ])('that answer %s to a deletion are %s', async (error, expected) => {
    expect(await volumesOf(() => ({ error })).volumes.deleteSnapshot('snap-1')).toBe(expected);
  });
});

describe('Elastic IP addresses', () => {
  const addressXml = (id: string, more = '') =>
    `<item><allocationId>${id}</allocationId><publicIp>203.0.113.7</publicIp><domain>vpc</domain><publicIpv4Pool>amazon</publicIpv4Pool><networkBorderGroup>us-east-1</networkBorderGroup>${more}</item>`;
  const addressesOf = (answer: (action: string, params: URLSearchParams) => Ec2Answer, isReleased = true) => {
    const { client, requests } = fakeEc2(answer);
    return { kind: addressKind(client, isReleased), requests };
  };

  it('are candidates if they are associated with nothing and of a pool of Amazon', async () => {
    const { kind } = addressesOf(
      () =>
        `<addressesSet>${[
          addressXml('eipalloc-1'),
          addressXml('eipalloc-2', '<associationId>eipassoc-1</associationId>'),
          addressXml('eipalloc-3', '<networkInterfaceId>eni-1</networkInterfaceId>'),
          addressXml('eipalloc-4', '<serviceManaged>nlb</serviceManaged>'),
          addressXml('eipalloc-5').replace('>amazon<', '>ipv4pool-ec2-1<'),
          addressXml('eipalloc-6', '<carrierIp>198.51.100.7</carrierIp>'),
        ].join('')}<item><publicIp>203.0.113.9</publicIp><domain>standard</domain></item></addressesSet>`,
    );
    const found = await all(kind.list());
    expect(found.map((item) => [item.id, kind.usageOf(item)])).toEqual([
      ['eipalloc-1', undefined],
      ['eipalloc-2', 'associated'],
      ['eipalloc-3', 'associated'],
      ['eipalloc-4', 'managed by nlb'],
      ['eipalloc-5', 'not a pool of Amazon'],
      ['eipalloc-6', 'not a pool of Amazon'],
    ]);
    expect(found.map((item) => kind.detailOf?.(item))[0]).toBe('203.0.113.7');
    expect(kind.dollarsAMonth(found[0] as never)).toBeCloseTo(3.65);
  });

  it('are released in the group that announces them', async () => {
    const { kind, requests } = addressesOf((action) =>
      action === 'ReleaseAddress'
        ? '<return>true</return>'
        : `<addressesSet>${addressXml('eipalloc-1')}</addressesSet>`,
    );
    const found = await kind.removal?.find('eipalloc-1');
    expect(await kind.removal?.remove(found as never)).toBe('deleted');
    expect(Object.fromEntries(requests[1] ?? [])).toMatchObject({
      AllocationId: 'eipalloc-1',
      NetworkBorderGroup: 'us-east-1',
    });
  });

  it.each([
    ['InvalidAllocationID.NotFound', 'gone'],
    ['InvalidIPAddress.InUse', 'in-use'],
  ])('that answer %s to a release are %s', async (error, expected) => {
    const item = { id: 'eipalloc-1', tags: {}, address: {} };
    expect(await addressesOf(() => ({ error })).kind.removal?.remove(item)).toBe(expected);
  });

  it('that are gone are undefined, and locked ones are errors', async () => {
    expect(await addressesOf(() => '<addressesSet/>').kind.removal?.find('eipalloc-1')).toBeUndefined();
    const locked = addressesOf(() => ({ error: 'InvalidAddress.Locked' })).kind.removal;
    await expect(locked?.remove({ id: 'eipalloc-1', tags: {}, address: {} })).rejects.toThrow();
  });

  it('are only reported unless a setting says otherwise', () => {
    expect(addressesOf(() => '', false).kind.removal).toBeUndefined();
  });
});

describe('orphaned snapshots', () => {
  const snapshotXml = (id: string, volume: string, more = '') =>
    `<snapshotId>${id}</snapshotId><volumeId>${volume}</volumeId><volumeSize>100</volumeSize>${more}`;

  it('have neither volume nor AMI, and nobody else who deletes them', async () => {
    const snapshots = [
      snapshotXml('snap-1', 'vol-gone', '<fullSnapshotSizeInBytes>10737418240</fullSnapshotSizeInBytes>'),
      snapshotXml('snap-2', 'vol-there'),
      snapshotXml('snap-3', 'vol-gone'),
      snapshotXml('snap-4', 'vol-ffffffff'),
      snapshotXml('snap-5', 'vol-gone', `<tagSet>${tag('aws:backup:source-resource', 'x')}</tagSet>`),
      snapshotXml('snap-6', 'vol-gone', `<tagSet>${tag('aws:dlm:lifecycle-policy-id', 'x')}</tagSet>`),
      snapshotXml('snap-7', 'vol-gone', `<tagSet>${tag('volume-cleanup:stack', 'x')}</tagSet>`),
      snapshotXml('snap-8', 'vol-gone', '<storageTier>archive</storageTier>'),
    ];
    const images = [
      '<imageId>ami-0</imageId>',
      '<imageId>ami-1</imageId><blockDeviceMapping><item><ebs><snapshotId>snap-3</snapshotId></ebs></item></blockDeviceMapping>',
    ];
    const { client, requests } = fakeEc2((action, params) =>
      action === 'DescribeImages' ? pageOf(images, params, 'imagesSet') : pageOf(snapshots, params, 'snapshotSet'),
    );
    const kind = orphanedSnapshotKind(client, new Set(['vol-there']));
    const found = await all(kind.list());
    expect(found.map((item) => kind.usageOf(item))).toEqual([
      undefined,
      'its volume exists',
      'an AMI uses it',
      undefined,
      'AWS Backup',
      'Data Lifecycle Manager',
      'volume-cleanup',
      undefined,
    ]);
    const [first, , , , , , , last] = found.map((item) => kind.dollarsAMonth(item));
    expect([first, last]).toEqual([0.5, 1.25]);
    expect(kind.removal).toBeUndefined();
    expect(requests[0]?.get('IncludeDisabled')).toBe('true');
  });
});

describe('stopped instances', () => {
  it('cost their volumes, and those of an Auto Scaling group are left out', async () => {
    const instance = (id: string, state: string, more = '') =>
      `<instancesSet><item><instanceId>${id}</instanceId><instanceType>t3.micro</instanceType><instanceState><name>${state}</name></instanceState>${more}</item></instancesSet>`;
    const mapping =
      '<blockDeviceMapping><item><ebs><volumeId>vol-1</volumeId></ebs></item><item><ebs><volumeId>vol-2</volumeId></ebs></item></blockDeviceMapping>';
    const reservations = [
      instance('i-1', 'stopped', `${mapping}<tagSet>${tag('Name', 'web')}</tagSet>`),
      instance('i-2', 'running'),
      instance('i-3', 'stopped', `<tagSet>${tag('aws:autoscaling:groupName', 'g')}</tagSet>`),
    ];
    const { client } = fakeEc2((_, params) => pageOf(reservations, params, 'reservationSet'));
    const kind = stoppedInstanceKind(
      client,
      new Map([
        ['vol-1', 8],
        ['vol-2', 2],
      ]),
    );
    const found = await all(kind.list());
    expect(found.map((item) => kind.usageOf(item))).toEqual([undefined, 'state running', 'in an Auto Scaling group']);
    expect(kind.dollarsAMonth(found[0] as never)).toBe(10);
    expect(kind.detailOf?.(found[0] as never)).toBe('t3.micro  web');
    expect(kind.removal).toBeUndefined();
  });
});
