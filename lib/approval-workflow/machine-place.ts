import { Stack, Validations } from 'aws-cdk-lib';
import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { managedByTag } from '../../lambda/approval-workflow/machine';
import type { Config } from '../config';
import type { ServiceFunction } from '../constructs/service-function';
import type { ApprovalWorkflowSettings } from './approval-workflow-settings';
import { makeMachineNetwork } from './machine-network';

export interface MachinePlaceProps {
  readonly config: Config;
  readonly systemsManager: ApprovalWorkflowSettings['systemsManager'];
}

/** Network of machines, their role, which may report to Systems Manager and nothing else, and permissions to launch and end them. */
export class MachinePlace extends Construct {
  readonly subnetIds: readonly string[];
  readonly securityGroup: SecurityGroup;
  readonly profile: CfnInstanceProfile;
  private readonly role: Role;

  constructor(scope: Construct, id: string, props: MachinePlaceProps) {
    super(scope, id);
    ({ subnetIds: this.subnetIds, securityGroup: this.securityGroup } = makeMachineNetwork(
      this,
      props.config,
      props.systemsManager,
    ));
    this.role = this.addRole();
    this.profile = new CfnInstanceProfile(this, 'Profile', { roles: [this.role.roleName] });
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
