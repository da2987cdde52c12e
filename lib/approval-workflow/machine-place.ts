import { Fn, Stack, Validations } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  SecurityGroup,
  SubnetType,
  Vpc,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { managedByTag } from '../../lambda/approval-workflow/machine';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import type { ServiceFunction } from '../constructs/service-function';

export interface MachinePlaceProps {
  readonly config: Config;
  /** Adds endpoints by which machines reach Systems Manager. */
  readonly systemsManager: boolean;
}

/**
 * Where machines run: two isolated subnets in two zones, a security group that allows nothing, and a role that may report to Systems
 * Manager and nothing else.
 */
export class MachinePlace extends Construct {
  readonly subnetIds: readonly string[];
  readonly securityGroup: SecurityGroup;
  readonly profile: CfnInstanceProfile;
  private readonly role: Role;

  constructor(scope: Construct, id: string, props: MachinePlaceProps) {
    super(scope, id);
    const { config, systemsManager } = props;
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.30.0.0/16'),
      availabilityZones: [0, 1].map((number) => Fn.select(number, Fn.getAzs())),
      natGateways: 0,
      subnetConfiguration: [{ name: 'Machines', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
      restrictDefaultSecurityGroup: true,
    });
    const logs = new LogGroup(this, 'FlowLogs', {
      retention: config.logRetention,
      removalPolicy: dataRemovalPolicy(config),
    });
    vpc.addFlowLog('Flows', {
      destination: FlowLogDestination.toCloudWatchLogs(logs),
      trafficType: FlowLogTrafficType.ALL,
    });
    this.subnetIds = vpc.isolatedSubnets.map(({ subnetId }) => subnetId);
    this.securityGroup = new SecurityGroup(this, 'Group', {
      // The cast: under exactOptionalPropertyTypes its `vpnGatewayId` differs from the interface's.
      vpc: vpc as IVpc,
      description: 'Machines of approved requests: nothing reaches them, and they reach nothing',
      allowAllOutbound: false,
    });
    if (systemsManager) this.addEndpoints(vpc);
    this.role = this.addRole();
    this.profile = new CfnInstanceProfile(this, 'Profile', { roles: [this.role.roleName] });
  }

  /**
   * Endpoints that the agent needs, from version 3.3.40 on:
   * https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
   */
  private addEndpoints(vpc: Vpc): void {
    const services = {
      Ssm: InterfaceVpcEndpointAwsService.SSM,
      SsmMessages: InterfaceVpcEndpointAwsService.SSM_MESSAGES,
    };
    for (const [id, service] of Object.entries(services)) {
      // An endpoint's own security group would let everything out.
      const group = new SecurityGroup(this, `${id}Endpoint`, {
        vpc: vpc as IVpc,
        description: `Endpoint ${id}: machines reach it`,
        allowAllOutbound: false,
      });
      const endpoint = vpc.addInterfaceEndpoint(id, { service, open: false, securityGroups: [group] });
      endpoint.connections.allowDefaultPortFrom(this.securityGroup, 'Machines');
    }
  }

  /** Permissions of the agent for Session Manager: https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html */
  private addRole(): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      description: 'Machines of approved requests: they report to Systems Manager and open its sessions',
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        resources: ['*'],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['ssm:UpdateInstanceInformation'],
        resources: [Stack.of(this).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' })],
      }),
    );
    Validations.of(role).acknowledge(
      {
        id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
        reason: 'The channels of Session Manager have no resources.',
      },
      {
        id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:instance/*]',
        reason: 'One role is for all machines, whose ids are not known before.',
      },
    );
    return role;
  }

  /** Allows a function to launch machines here, with the tag of the stack on them, and in no other way. */
  allowLaunch(by: ServiceFunction, managedBy: string): void {
    const stack = Stack.of(this);
    const ec2 = (resource: string, resourceName: string, account?: string): string =>
      stack.formatArn({ service: 'ec2', resource, resourceName, ...(account === undefined ? {} : { account }) });
    const tagged = { StringEquals: { [`aws:RequestTag/${managedByTag}`]: managedBy } };
    by.allow(
      ['ec2:RunInstances'],
      ...this.subnetIds.map((one) => ec2('subnet', one)),
      ec2('security-group', this.securityGroup.securityGroupId),
      ec2('network-interface', '*'),
      ec2('image', '*', ''),
    );
    const created = [ec2('instance', '*'), ec2('volume', '*')];
    by.role.addToPolicy(new PolicyStatement({ actions: ['ec2:RunInstances'], resources: created, conditions: tagged }));
    // Only as part of a launch: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    by.role.addToPolicy(
      new PolicyStatement({
        actions: ['ec2:CreateTags'],
        resources: created,
        conditions: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } },
      }),
    );
    by.role.addToPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
      }),
    );
    for (const resource of ['network-interface', 'instance', 'volume']) acknowledgeArn(by, `${resource}/*`);
    Validations.of(by.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>::image/*]',
      reason: 'The image is named by a public parameter, and changes with each release.',
    });
  }

  /** Allows a function to terminate machines with the tag of the stack. */
  allowTermination(by: ServiceFunction, managedBy: string): void {
    by.role.addToPolicy(
      new PolicyStatement({
        actions: ['ec2:TerminateInstances'],
        resources: [Stack.of(this).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' })],
        conditions: { StringEquals: { [`aws:ResourceTag/${managedByTag}`]: managedBy } },
      }),
    );
    acknowledgeArn(by, 'instance/*');
  }
}

function acknowledgeArn(by: ServiceFunction, resource: string): void {
  Validations.of(by.role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:${resource}]`,
    reason: 'Machines have no id before they are launched: their tag decides.',
  });
}
