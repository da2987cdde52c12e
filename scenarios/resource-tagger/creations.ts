import {
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  paginateDescribeVolumes,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';
import { roleSession, type CloudTrailEvent } from './events';
import type { Tags } from './tags';

/** Resource that exists, and the tags that it must have in the end. */
export interface Expected {
  readonly id: string;
  readonly tags: Tags;
}

/** Image of Amazon Linux in this region. */
export async function newestImage(): Promise<string> {
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name }));
  return Parameter?.Value ?? '';
}

/**
 * Launches two instances, one of which a person tags; adds what they must have in the end, and the event. Every tenth event lacks the
 * answer, as that of a launch of many instances does.
 */
export async function launch(
  run: ScenarioRun,
  deployment: Deployment,
  image: string,
  index: number,
  expected: Expected[],
  events: CloudTrailEvent[],
) {
  const { ec2, account } = deployment;
  const eventId = `${run.runId}-launch-${index}`;
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ...{ ImageId: image, InstanceType: 't3.micro', MinCount: 2, MaxCount: 2 },
      ClientToken: eventId,
    }),
  );
  const ids = Instances.map(({ InstanceId = '' }) => InstanceId);
  run.cleanUp('instances', async () => void (await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }))));
  const time = new Date();
  events.push(
    deployment.event({
      eventId,
      service: 'ec2',
      eventName: 'RunInstances',
      time,
      identity: roleSession(account, 'Launcher', `person-${index}`),
      request: { clientToken: eventId },
      response: index % 10 === 0 ? null : { instancesSet: { items: ids.map((instanceId) => ({ instanceId })) } },
    }),
  );
  const tags = tagsBy(`role/Launcher/person-${index}`, time, eventId);
  // A person tags one of the instances before the event arrives.
  const own = { 'created-by': 'a person', purpose: 'test' };
  const [first = ''] = ids;
  await tagBefore(deployment, first, own);
  const attached = await volumesOf(deployment, ids);
  expected.push(
    { id: first, tags: { ...tags, ...own } },
    ...[...ids.slice(1), ...attached].map((id) => ({ id, tags })),
  );
}

/** Creates a volume; adds the tags that it must have in the end, and the event, which may be a day late. */
export async function createVolume(
  run: ScenarioRun,
  deployment: Deployment,
  index: number,
  expected: Expected[],
  events: CloudTrailEvent[],
) {
  const { ec2, account, region } = deployment;
  const { VolumeId: id = '' } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 1 }));
  run.cleanUp('a volume', async () => void (await ec2.send(new DeleteVolumeCommand({ VolumeId: id }))));
  // Every second event is late: the volume is a day old.
  const time = new Date(Date.now() - (index % 2) * 86_400_000);
  const eventId = `${run.runId}-volume-${index}`;
  const identity = roleSession(account, 'Storage', `person-${index}`);
  const response = { volumeId: id, status: 'creating' };
  events.push(deployment.event({ eventId, service: 'ec2', eventName: 'CreateVolume', time, identity, response }));
  const own: Tags = index % 5 === 0 ? { 'created-at': 'long ago' } : {};
  if (index % 5 === 0) await tagBefore(deployment, id, own);
  expected.push({ id, tags: { ...tagsBy(`role/Storage/person-${index}`, time, eventId), ...own } });
}

function tagsBy(creator: string, time: Date, eventId: string): Tags {
  return {
    'created-by': creator,
    'created-at': time.toISOString().replace(/\.\d+Z$/, 'Z'),
    'creation-event': eventId,
  };
}

async function tagBefore({ ec2 }: Deployment, id: string, tags: Tags): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
}

async function volumesOf({ ec2 }: Deployment, instances: readonly string[]): Promise<string[]> {
  const Filters = [{ Name: 'attachment.instance-id', Values: [...instances] }];
  const found: string[] = [];
  for await (const { Volumes = [] } of paginateDescribeVolumes({ client: ec2 }, { Filters })) {
    found.push(...Volumes.map(({ VolumeId = '' }) => VolumeId));
  }
  return found;
}
