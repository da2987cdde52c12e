import {
  DescribeInstancesCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import { ServiceBusyError } from '../../shared/service-busy';
import { requestTag } from '../machine';

type Client = Pick<EC2Client, 'send'>;

/** Everything that a launch depends on, so that a repeated call is the same call. */
export interface Launch {
  /** At most 64 ASCII characters. */
  readonly clientToken: string;
  readonly amiId: string;
  readonly instanceType: string;
  readonly subnetId: string;
  readonly securityGroupId: string;
  readonly instanceProfileArn: string;
  readonly diskGigabytes: number;
  readonly startScript: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Errors after which there is surely no instance, and another zone may have one.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const capacityErrors = [
  'InsufficientInstanceCapacity',
  'InsufficientCapacity',
  'InsufficientFreeAddressesInSubnet',
  // The type is not offered in the zone.
  'Unsupported',
];

/** Quotas of the account and region, which no other zone has more of. Nothing was launched. */
const quotaErrors = ['InstanceLimitExceeded', 'VcpuLimitExceeded'];

/** EC2 has no capacity in a subnet. */
export class NoCapacityError extends Error {
  override readonly name = 'NoCapacityError';
}

/** A quota of EC2 is used up. */
export class QuotaExceededError extends Error {
  override readonly name = 'QuotaExceededError';
}

/**
 * Launches one instance, once however often it is called: EC2 remembers the token for as long as the instance exists.
 * Needs `ec2:RunInstances`, `ec2:CreateTags` and `iam:PassRole`.
 *
 * @returns the id of the instance, launched now or before
 * @throws NoCapacityError, QuotaExceededError, ServiceBusyError
 */
export async function launch(client: Client, props: Launch): Promise<string> {
  const Tags = Object.entries(props.tags).map(([Key, Value]) => ({ Key, Value }));
  const ebs = {
    VolumeSize: props.diskGigabytes,
    VolumeType: 'gp3',
    Encrypted: true,
    DeleteOnTermination: true,
  } as const;
  try {
    const { Instances } = await client.send(
      new RunInstancesCommand({
        ClientToken: props.clientToken,
        MinCount: 1,
        MaxCount: 1,
        ImageId: props.amiId,
        InstanceType: props.instanceType as 't3.micro',
        IamInstanceProfile: { Arn: props.instanceProfileArn },
        NetworkInterfaces: [
          {
            DeviceIndex: 0,
            SubnetId: props.subnetId,
            Groups: [props.securityGroupId],
            AssociatePublicIpAddress: false,
          },
        ],
        // The root device of Amazon Linux 2023.
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: ebs }],
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
        TagSpecifications: [
          { ResourceType: 'instance', Tags },
          { ResourceType: 'volume', Tags },
        ],
        ...(props.startScript === '' ? {} : { UserData: Buffer.from(props.startScript).toString('base64') }),
      }),
    );
    const id = Instances?.[0]?.InstanceId;
    if (id !== undefined) return id;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (capacityErrors.includes(error.name)) throw new NoCapacityError(error.name);
    if (quotaErrors.includes(error.name)) throw new QuotaExceededError(error.name);
    // AWS checks the first launch of a new account in a region, usually within minutes.
    if (error.name === 'PendingVerification') throw new ServiceBusyError(error.name);
    // The settings changed between two attempts: the first one's instance is the request's.
    if (error.name !== 'IdempotentParameterMismatch') throw error;
  }
  const [instanceId] = await findAlive(client, props.tags[requestTag] ?? '');
  // It may not be listed yet.
  if (instanceId === undefined) throw new ServiceBusyError(`RunInstances named no instance for ${props.clientToken}`);
  return instanceId;
}

export type MachineState = 'pending' | 'running' | 'gone';

/** State of an instance. Needs `ec2:DescribeInstances`. */
export async function stateOf(client: Client, instanceId: string): Promise<MachineState> {
  const [instance] = await findInstances(client, 'instance-id', instanceId);
  const state = instance?.State?.Name;
  // An instance may be missing from answers for a while after its launch: it counts as pending until a timeout.
  if (state === undefined || state === 'pending') return 'pending';
  return state === 'running' ? 'running' : 'gone';
}

/** Instances by a filter, all pages. Needs `ec2:DescribeInstances`. */
export async function findInstances(client: Client, filter: string, value: string): Promise<Instance[]> {
  const found: Instance[] = [];
  let NextToken: string | undefined;
  do {
    const page = { Filters: [{ Name: filter, Values: [value] }], MaxResults: 1_000, ...(NextToken && { NextToken }) };
    const answer: { Reservations?: { Instances?: Instance[] }[]; NextToken?: string } = (await client.send(
      new DescribeInstancesCommand(page),
    )) as never;
    found.push(...(answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
    NextToken = answer.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return found;
}

/** Ids of a request's instances that are not terminated, by their tag. Needs `ec2:DescribeInstances`. */
export async function findAlive(client: Client, requestId: string): Promise<string[]> {
  const instances = await findInstances(client, `tag:${requestTag}`, requestId);
  return instances
    .filter(({ State }) => State?.Name !== 'shutting-down' && State?.Name !== 'terminated')
    .flatMap(({ InstanceId }) => InstanceId ?? []);
}

/**
 * Terminates an instance, which may be gone. Needs `ec2:TerminateInstances`.
 *
 * @param isNew EC2 may not know its id yet: https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
 * @throws ServiceBusyError if a new one is not known
 */
export async function terminate(client: Client, instanceId: string, isNew: boolean): Promise<void> {
  try {
    await client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InvalidInstanceID.NotFound') throw error;
    if (isNew) throw new ServiceBusyError(error.name);
  }
}
