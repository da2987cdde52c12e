import {
  DescribeInstancesCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
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

/** EC2 has no capacity in a subnet. */
export class NoCapacityError extends Error {
  override readonly name = 'NoCapacityError';
}

/**
 * Launches one instance, once however often it is called: EC2 remembers the token for as long as the instance exists.
 * Needs `ec2:RunInstances`, `ec2:CreateTags` and `iam:PassRole`.
 *
 * @returns the id of the instance, launched now or before
 * @throws NoCapacityError
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
    // The settings changed between two attempts: the first one's instance is the request's.
    if (error.name !== 'IdempotentParameterMismatch') throw error;
  }
  const instance = (await findOfRequest(client, props.tags[requestTag] ?? '')).find(isAlive);
  if (instance?.InstanceId === undefined) throw new Error(`RunInstances named no instance for ${props.clientToken}`);
  return instance.InstanceId;
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

/** Instances of a request, by their tag. Needs `ec2:DescribeInstances`. */
export function findOfRequest(client: Client, requestId: string): Promise<Instance[]> {
  return findInstances(client, `tag:${requestTag}`, requestId);
}

const isAlive = ({ State }: Instance): boolean => State?.Name === 'pending' || State?.Name === 'running';

/** Terminates an instance, which may be gone. Needs `ec2:TerminateInstances`. */
export async function terminate(client: Client, instanceId: string): Promise<void> {
  try {
    await client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InvalidInstanceID.NotFound') throw error;
  }
}
