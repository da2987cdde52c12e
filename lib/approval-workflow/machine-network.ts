import { InterfaceVpcEndpointAwsService, Port, SecurityGroup, Vpc, type IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Config } from '../config';
import { makeIsolatedVpc } from '../constructs/isolated-vpc';
import type { ApprovalWorkflowSettings } from './approval-workflow-settings';

/** Network in which machines run. */
export interface MachineNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroup: SecurityGroup;
}

type SystemsManager = ApprovalWorkflowSettings['systemsManager'];

/**
 * Makes the network of machines: a VPC of its own without a way in or out, in which endpoints of Systems Manager may be, or the
 * named subnets that have them.
 */
export function makeMachineNetwork(parent: Construct, config: Config, systemsManager: SystemsManager): MachineNetwork {
  if (typeof systemsManager === 'object') return useNamedSubnets(parent, systemsManager);
  const vpc = makeIsolatedVpc(parent, {
    config,
    cidr: '10.30.0.0/16',
    subnets: 'Machines',
    subnetMask: 20,
    zones: 2,
  });
  // The cast: under exactOptionalPropertyTypes its `vpnGatewayId` differs from the interface's.
  const securityGroup = machinesGroup(parent, vpc as IVpc);
  if (systemsManager) addEndpoints(parent, vpc, securityGroup);
  return { subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId), securityGroup };
}

function machinesGroup(parent: Construct, vpc: IVpc): SecurityGroup {
  return new SecurityGroup(parent, 'Group', {
    vpc,
    description: 'Machines of approved requests: nothing reaches them, and they reach nothing',
    allowAllOutbound: false,
  });
}

/**
 * Adds the endpoints that the agent needs, from version 3.3.40 on:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
 */
function addEndpoints(parent: Construct, vpc: Vpc, machines: SecurityGroup): void {
  const services = {
    Ssm: InterfaceVpcEndpointAwsService.SSM,
    SsmMessages: InterfaceVpcEndpointAwsService.SSM_MESSAGES,
  };
  for (const [id, service] of Object.entries(services)) {
    // An endpoint's own security group would let everything out.
    const group = new SecurityGroup(parent, `${id}Endpoint`, {
      vpc: vpc as IVpc,
      description: `Endpoint ${id}: machines reach it`,
      allowAllOutbound: false,
    });
    const endpoint = vpc.addInterfaceEndpoint(id, { service, open: false, securityGroups: [group] });
    endpoint.connections.allowDefaultPortFrom(machines, 'Machines');
  }
}

/** Uses subnets of another VPC, whose endpoints have a security group that this stack adds the machines to. */
function useNamedSubnets(
  parent: Construct,
  { vpcId, subnetIds, endpointGroupId }: Exclude<SystemsManager, boolean>,
): MachineNetwork {
  // CDK wants a zone, of which it makes nothing without subnets.
  const vpc = Vpc.fromVpcAttributes(parent, 'NamedVpc', { vpcId, availabilityZones: ['any'] });
  const securityGroup = machinesGroup(parent, vpc);
  const endpoints = SecurityGroup.fromSecurityGroupId(parent, 'Endpoints', endpointGroupId, {
    allowAllOutbound: false,
  });
  securityGroup.connections.allowTo(endpoints, Port.HTTPS, 'Endpoints of Systems Manager');
  return { subnetIds, securityGroup };
}
