import { fakeEmulator } from './fake-emulator';

const launchedId = 'instancesSet/item/instanceId';
const stateOf = 'reservationSet/item/instancesSet/item/instanceState/name';

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
describe('a dry run', () => {
  it('answers DryRunOperation to a caller with the permission, and does nothing', async () => {
    const { launch, forwarded } = fakeEmulator();
    const { status, code } = await launch({ DryRun: 'true' });
    expect({ status, code, forwarded }).toEqual({ status: 412, code: 'DryRunOperation', forwarded: [] });
  });

  it('answers UnauthorizedOperation to a caller without the permission', async () => {
    const { call, forwarded } = fakeEmulator({ isAllowed: false });
    const { status, code } = await call('DeleteVolume', { VolumeId: 'vol-1', DryRun: 'true' });
    expect({ status, code, forwarded }).toEqual({ status: 403, code: 'UnauthorizedOperation', forwarded: [] });
  });
});

// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
describe('a client token', () => {
  it('lets a repeated request succeed without a second instance', async () => {
    const { launch, instances } = fakeEmulator();
    const first = await launch({ ClientToken: 'one' });
    const second = await launch({ ClientToken: 'one' });
    expect(second.at(launchedId)).toEqual(first.at(launchedId));
    expect(instances).toHaveLength(1);
  });

  it('is shown with the instance, and found by a filter', async () => {
    const { launch, call } = fakeEmulator();
    await launch({ ClientToken: 'one' });
    await launch({ ClientToken: 'two' });
    const found = await call('DescribeInstances', { 'Filter.1.Name': 'client-token', 'Filter.1.Value.1': 'two' });
    expect(found.at('reservationSet/item/instancesSet/item/clientToken')).toEqual(['two']);
  });

  it('launches once where two requests come at the same time', async () => {
    const { launch, instances } = fakeEmulator();
    await Promise.all([launch({ ClientToken: 'one' }), launch({ ClientToken: 'one' })]);
    expect(instances).toHaveLength(1);
  });

  it('returns the current state in the answer to a repetition', async () => {
    const { launch, wait } = fakeEmulator();
    await launch({ ClientToken: 'one' });
    wait(100);
    expect((await launch({ ClientToken: 'one' })).at('instancesSet/item/instanceState/name')).toEqual(['running']);
  });

  it('refuses other parameters with IdempotentParameterMismatch', async () => {
    const { launch, instances } = fakeEmulator();
    await launch({ ClientToken: 'one' });
    expect((await launch({ ClientToken: 'one', InstanceType: 't3.large' })).code).toBe('IdempotentParameterMismatch');
    expect((await launch({ ClientToken: 'one', SubnetId: 'subnet-a2' })).code).toBe('IdempotentParameterMismatch');
    expect(instances).toHaveLength(1);
  });

  it('launches a second instance in another zone or region', async () => {
    const { launch, instances } = fakeEmulator();
    await launch({ ClientToken: 'one' });
    await launch({ ClientToken: 'one', SubnetId: 'subnet-b' });
    await launch({ ClientToken: 'one' }, 'eu-west-1');
    expect(instances).toHaveLength(3);
  });

  it('makes a volume once', async () => {
    const { call } = fakeEmulator();
    const params = { AvailabilityZone: 'us-east-1a', Size: '8', Throughput: '250', ClientToken: 'one' };
    const first = await call('CreateVolume', params);
    expect((await call('CreateVolume', params)).at('volumeId')).toEqual(first.at('volumeId'));
    expect((await call('CreateVolume', { ...params, Size: '9' })).code).toBe('IdempotentParameterMismatch');
    expect((await call('DescribeVolumes')).at('volumeSet/item/throughput')).toEqual(['250']);
  });
});

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
describe('a launch', () => {
  it('is refused for an image or subnet that does not exist', async () => {
    const { launch, instances } = fakeEmulator();
    expect((await launch({ ImageId: 'ami-00000000' })).code).toBe('InvalidAMIID.NotFound');
    expect((await launch({ ImageId: 'windows' })).code).toBe('InvalidAMIID.Malformed');
    expect((await launch({ SubnetId: 'subnet-x' })).code).toBe('InvalidSubnetID.NotFound');
    expect(instances).toEqual([]);
  });

  it.each(['t3', 't3.giant', 'T3.micro', 't3.micro '])('is refused for the instance type %j', async (type) => {
    expect((await fakeEmulator().launch({ InstanceType: type })).code).toBe('InvalidParameterValue');
  });

  it.each(['t3.micro', 'm7g.2xlarge', 'u7i-12tb.224xlarge', 'c7i.metal-24xl', 'mac2-m2pro.metal'])(
    'accepts the instance type %s',
    async (type) => {
      expect((await fakeEmulator().launch({ InstanceType: type })).status).toBe(200);
    },
  );

  it('fails with InsufficientInstanceCapacity where a zone or type has none, and its token stays unused', async () => {
    const { rules, launch, instances } = fakeEmulator();
    rules.noCapacity = new Set(['us-east-1a']);
    const refused = await launch({ ClientToken: 'one' });
    expect({ status: refused.status, code: refused.code }).toEqual({
      status: 500,
      code: 'InsufficientInstanceCapacity',
    });
    expect((await launch({ SubnetId: 'subnet-b' })).status).toBe(200);
    rules.noCapacity = new Set();
    expect((await launch({ ClientToken: 'one' })).status).toBe(200);
    expect(instances).toHaveLength(2);
  });
});

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
describe('a state', () => {
  it('of a new instance is pending before it is running', async () => {
    const { launch, call, wait } = fakeEmulator();
    expect((await launch()).at('instancesSet/item/instanceState/name')).toEqual(['pending']);
    expect((await call('DescribeInstances')).at(stateOf)).toEqual(['pending']);
    wait(100);
    expect((await call('DescribeInstances')).at(stateOf)).toEqual(['running']);
  });

  it.each([
    ['StopInstances', 'stopping', '64'],
    ['StartInstances', 'pending', '0'],
    ['TerminateInstances', 'shutting-down', '32'],
  ])('after %s is %s at first', async (action, state, code) => {
    const changed = await fakeEmulator().call(action, { 'InstanceId.1': 'i-1' });
    expect(changed.at('instancesSet/item/currentState/name')).toEqual([state]);
    expect(changed.at('instancesSet/item/currentState/code')).toEqual([code]);
  });

  it('of a new snapshot is pending before it is completed', async () => {
    const { call, wait } = fakeEmulator();
    expect((await call('CreateSnapshot')).at('status')).toEqual(['pending']);
    wait(100);
    expect((await call('DescribeSnapshots')).at('snapshotSet/item/status')).toEqual(['completed']);
  });

  it('of a snapshot stays pending or is error for as long as a proof wants it', async () => {
    const { rules, call, wait } = fakeEmulator();
    rules.transitions.snapshotFate = 'pending';
    await call('CreateSnapshot');
    wait(10_000);
    expect((await call('DescribeSnapshots')).at('snapshotSet/item/status')).toEqual(['pending']);
    rules.transitions.snapshotFate = 'error';
    expect((await call('DescribeSnapshots')).at('snapshotSet/item/status')).toEqual(['error']);
  });

  it('of a snapshot is older by the days that a proof wants', async () => {
    const { rules, call } = fakeEmulator();
    await call('CreateSnapshot');
    rules.transitions.snapshotAgeDays = 10;
    const shown = (await call('DescribeSnapshots')).at('snapshotSet/item/startTime');
    expect(shown).toEqual(['2026-11-10T10:00:00.000Z']);
  });
});

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
describe('a filter', () => {
  const filter = (name: string, ...values: string[]): Record<string, string> =>
    Object.fromEntries([
      ['Filter.1.Name', name],
      ...values.map((value, at) => [`Filter.1.Value.${at + 1}`, value]),
    ]) as Record<string, string>;
  const found = async (params: Record<string, string>): Promise<string[]> => {
    const { launch, call } = fakeEmulator();
    await launch();
    await launch({ InstanceType: 'c7g.large' });
    return (await call('DescribeInstances', params)).at('reservationSet/item/instancesSet/item/instanceId');
  };

  it('matches one of its values', async () => {
    expect(await found(filter('instance-type', 'm1.small', 'c7g.large'))).toEqual(['i-2']);
  });

  it('matches by * and ?, and by case', async () => {
    expect(await found(filter('launch-time', '2026-01-01T*'))).toEqual(['i-1']);
    expect(await found(filter('instance-type', 't?.micro'))).toEqual(['i-1']);
    expect(await found(filter('instance-type', 'T3.micro'))).toEqual([]);
  });

  it('sees the state that the instance is in', async () => {
    expect(await found(filter('instance-state-name', 'pending'))).toEqual(['i-1', 'i-2']);
    expect(await found(filter('instance-state-name', 'running'))).toEqual([]);
  });

  it('compares tags', async () => {
    expect(await found(filter('tag:Name', 'a & b'))).toHaveLength(2);
    expect(await found(filter('tag:Name', 'other'))).toEqual([]);
    expect(await found(filter('tag-key', 'Name'))).toHaveLength(2);
  });

  it('that EC2 does not have is refused', async () => {
    expect((await fakeEmulator().call('DescribeVolumes', filter('colour', 'red'))).code).toBe('InvalidParameterValue');
  });
});

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination
describe('pages', () => {
  const volumes = async (count: number) => {
    const { call } = fakeEmulator();
    for (let index = 0; index < count; index += 1) await call('CreateVolume', { ClientToken: String(index) });
    return call;
  };

  it('have at most MaxResults items, and all items once', async () => {
    const call = await volumes(12);
    const sizes: number[] = [];
    const ids: string[] = [];
    let token: string | undefined;
    do {
      const page = await call('DescribeVolumes', {
        MaxResults: '5',
        ...(token === undefined ? {} : { NextToken: token }),
      });
      ids.push(...page.at('volumeSet/item/volumeId'));
      sizes.push(page.at('volumeSet/item/volumeId').length);
      [token] = page.at('nextToken');
    } while (token !== undefined);
    expect(sizes).toEqual([5, 5, 2]);
    expect(new Set(ids).size).toBe(12);
  });

  it('have no NextToken after the last item, and a list without MaxResults is whole', async () => {
    const call = await volumes(6);
    expect((await call('DescribeVolumes', { MaxResults: '6' })).at('nextToken')).toEqual([]);
    expect((await call('DescribeVolumes')).at('volumeSet/item/volumeId')).toHaveLength(6);
  });

  it.each([
    [{ MaxResults: '4' }, 'InvalidParameterValue'],
    [{ MaxResults: '1001' }, 'InvalidParameterValue'],
    [{ MaxResults: '5', 'VolumeId.1': 'vol-1' }, 'InvalidParameterCombination'],
    [{ MaxResults: '5', NextToken: 'made-up' }, 'InvalidNextToken'],
  ])('with %j are refused', async (params, code) => {
    expect((await fakeEmulator().call('DescribeVolumes', params as unknown as Record<string, string>)).code).toBe(code);
  });
});
