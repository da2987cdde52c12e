import { Ec2Rules } from '../../../../tools/local/ec2/rules';
import type { Ec2Response } from '../../../../tools/local/ec2/ec2-request';
import { parseXml, textsAt } from '../../../../tools/local/ec2/xml';

const zones: Record<string, string> = { 'subnet-a': 'us-east-1a', 'subnet-a2': 'us-east-1a', 'subnet-b': 'us-east-1b' };

/** Emulator with the faults of the real one: it launches whatever it is asked for, at once. */
export function fakeEmulator(options: { isAllowed?: boolean } = {}) {
  const instances: { id: string; type: string; launched: string }[] = [];
  const volumes: string[] = [];
  const snapshots: string[] = [];
  const forwarded: string[] = [];
  let now = 0;
  const instance = ({ id, type, launched }: (typeof instances)[number]): string =>
    `<item><instanceId>${id}</instanceId><instanceState><code>16</code><name>running</name></instanceState><instanceType>${type}</instanceType>` +
    `<launchTime>${launched}</launchTime><tagSet><item><key>Name</key><value>a &amp; b</value></item></tagSet></item>`;
  const volume = (id: string): string =>
    `<volumeId>${id}</volumeId><status>available</status><volumeType>gp3</volumeType>`;
  const answer = (action: string, params: URLSearchParams): string => {
    if (action === 'RunInstances') {
      const id = `i-${instances.length + 1}`;
      instances.push({
        id,
        type: params.get('InstanceType') ?? '',
        launched: `2026-01-0${instances.length + 1}T00:00:00Z`,
      });
      return `<instancesSet>${instances.slice(-1).map(instance).join('')}</instancesSet>`;
    }
    if (action === 'DescribeInstances') {
      const named = params.get('InstanceId.1');
      const all = instances.filter(({ id }) => named === null || id === named);
      const items = all.map(
        (one) => `<item><reservationId>r-${one.id}</reservationId><instancesSet>${instance(one)}</instancesSet></item>`,
      );
      return `<reservationSet>${items.join('')}</reservationSet>`;
    }
    if (action === 'StopInstances' || action === 'TerminateInstances' || action === 'StartInstances') {
      const id = params.get('InstanceId.1');
      return `<instancesSet><item><instanceId>${id}</instanceId><currentState><code>1</code><name>done</name></currentState></item></instancesSet>`;
    }
    if (action === 'CreateVolume') {
      volumes.push(`vol-${volumes.length + 1}`);
      return volume(volumes.at(-1) ?? '');
    }
    if (action === 'DescribeVolumes')
      return `<volumeSet>${volumes.map((id) => `<item>${volume(id)}</item>`).join('')}</volumeSet>`;
    const snapshot = (id: string) =>
      `<snapshotId>${id}</snapshotId><status>completed</status><progress>100%</progress><startTime>2026-11-20T10:00:00.000Z</startTime>`;
    if (action === 'CreateSnapshot') {
      snapshots.push(`snap-${snapshots.length + 1}`);
      return snapshot(snapshots.at(-1) ?? '');
    }
    if (action === 'DescribeSnapshots')
      return `<snapshotSet>${snapshots.map((id) => `<item>${snapshot(id)}</item>`).join('')}</snapshotSet>`;
    if (action === 'DescribeImages') {
      return params.get('ImageId.1') === 'ami-0123456789abcdef0'
        ? '<imagesSet><item><imageId>ami-0123456789abcdef0</imageId></item></imagesSet>'
        : '<imagesSet/>';
    }
    const zone = zones[params.get('SubnetId.1') ?? ''];
    return zone === undefined
      ? '<subnetSet/>'
      : `<subnetSet><item><availabilityZone>${zone}</availabilityZone></item></subnetSet>`;
  };
  const respond = (action: string, params: URLSearchParams): string =>
    `<?xml version="1.0"?>\n<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${answer(action, params)}</${action}Response>`;
  const rules = new Ec2Rules({
    account: '000000000000',
    ask: (action, params) => Promise.resolve(parseXml(respond(action, new URLSearchParams(params)))),
    isAllowed: () => Promise.resolve(options.isAllowed ?? true),
    now: () => now,
    transitionMilliseconds: 100,
  });
  const call = async (action: string, params: Record<string, string> = {}, region = 'us-east-1') => {
    const all = new URLSearchParams({ Action: action, Version: '2016-11-15', ...params });
    const forward = (): Promise<Ec2Response> => {
      forwarded.push(action);
      return Promise.resolve({ status: 200, body: respond(action, all) });
    };
    const { status, body } = await rules.answer({ action, params: all, region, accessKeyId: 'key' }, forward);
    const xml = parseXml(body);
    return { status, code: textsAt(xml, 'Errors/Error/Code')[0], at: (path: string) => textsAt(xml, path) };
  };
  const launch = (params: Record<string, string> = {}, region?: string) =>
    call(
      'RunInstances',
      { ImageId: 'ami-0123456789abcdef0', InstanceType: 't3.micro', SubnetId: 'subnet-a', ...params },
      region,
    );
  const wait = (milliseconds: number): void => void (now += milliseconds);
  return { rules, call, launch, wait, forwarded, instances };
}
