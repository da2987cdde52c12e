import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';

export interface FoundMachine {
  readonly id: string;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** All machines that a request has ever had, terminated ones too. */
export async function machinesOf(ec2: EC2Client, requestId: string): Promise<FoundMachine[]> {
  const Filters = [{ Name: 'tag:RequestId', Values: [requestId] }];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) =>
    Instances.map(({ InstanceId = '', State, Tags = [] }) => ({
      id: InstanceId,
      state: State?.Name ?? 'unknown',
      tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    })),
  );
}

/** Number of machines of a request that are billed. */
export async function countAlive(ec2: EC2Client, requestId: string): Promise<number> {
  const machines = await machinesOf(ec2, requestId);
  return machines.filter(({ state }) => state === 'running' || state === 'pending').length;
}
