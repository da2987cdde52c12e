import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ServiceFunction } from '../constructs/service-function';
import { stackUniqueName } from '../constructs/stack-unique-name';

export interface MachineEndsProps {
  /** Queue for ends that EventBridge Scheduler gave up. */
  readonly deadLetters: IQueue;
}

/** Group of the one-time schedules that end machines, and the role that they invoke EndMachine with. */
export class MachineEnds extends Construct {
  readonly groupName: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: MachineEndsProps) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, 'Group', { name: stackUniqueName(this, 'Ends') });
    this.groupName = group.ref;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Schedules that end machines',
    });
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [props.deadLetters.queueArn] }),
    );
  }

  /** Lets schedules invoke the function that ends machines. */
  invoke(endMachine: ServiceFunction): void {
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [endMachine.function.functionArn] }),
    );
  }

  /** Allows a function these actions on the schedules of the group, and to pass their role. */
  allow(by: ServiceFunction, actions: string[]): void {
    const resourceName = `${this.groupName}/*`;
    by.allow(actions, Stack.of(this).formatArn({ service: 'scheduler', resource: 'schedule', resourceName }));
    by.role.addToPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
    const group = Stack.of(this).getLogicalId(this.node.findChild('Group') as CfnScheduleGroup);
    Validations.of(by.role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/<${group}>/*]`,
      reason: 'Schedules are named after requests, and the group has no others.',
    });
  }
}
