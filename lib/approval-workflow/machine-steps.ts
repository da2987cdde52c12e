import { Duration, Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { ServiceFunction } from '../constructs/service-function';
import type { ApprovalFunctions } from './approval-functions';
import type { ApprovalTables } from './approval-tables';
import type { ApprovalWorkflowSettings } from './approval-workflow-settings';
import type { MachineEnds } from './machine-ends';
import type { MachinePlace } from './machine-place';
import { allowDescribing } from './machine-watch';

export interface MachineStepsProps {
  readonly functions: ApprovalFunctions;
  readonly settings: ApprovalWorkflowSettings;
  readonly tables: ApprovalTables;
  readonly startScripts: StringParameter;
  readonly place: MachinePlace;
  readonly ends: MachineEnds;
  /** Queue for ends that failed for good. */
  readonly unended: IQueue;
  /** Price table, in JSON. */
  readonly prices: string;
  /** Value of the tag on machines of this stack. */
  readonly managedBy: string;
}

export interface MachineSteps {
  readonly scheduleEnd: ServiceFunction;
  readonly launchMachine: ServiceFunction;
  readonly endMachine: ServiceFunction;
}

/** Adds the functions that schedule the end of a machine, launch it, and end it. */
export function addMachineSteps(props: MachineStepsProps): MachineSteps {
  const endMachine = addEndMachine(props);
  return { endMachine, scheduleEnd: addScheduleEnd(props, endMachine), launchMachine: addLaunchMachine(props) };
}

function schedulesOf({ ends, unended }: MachineStepsProps): Record<string, string> {
  return {
    SCHEDULE_GROUP_NAME: ends.groupName,
    SCHEDULE_ROLE_ARN: ends.role.roleArn,
    DEAD_LETTERS_ARN: unended.queueArn,
  };
}

function addEndMachine(props: MachineStepsProps): ServiceFunction {
  const { functions, tables, place, ends, unended, managedBy } = props;
  const endMachine = functions.make('EndMachine', 'end-machine', {
    description: 'Ends a request and terminates its machine',
    environment: schedulesOf(props),
    retryAttempts: 2,
    maxEventAge: Duration.hours(6),
    // CDK's SqsDestination grants three actions, and Lambda uses one.
    onFailure: { bind: () => ({ destination: unended.queueArn }) },
  });
  endMachine.allow(['sqs:SendMessage'], unended.queueArn);
  endMachine.allow(['dynamodb:UpdateItem'], tables.limits.tableArn);
  functions.sendNotices(endMachine);
  place.allowTermination(endMachine, managedBy);
  allowDescribing(endMachine);
  ends.invoke(endMachine);
  ends.allow(endMachine, ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule']);
  return endMachine;
}

function addScheduleEnd(props: MachineStepsProps, endMachine: ServiceFunction): ServiceFunction {
  const { functions, ends } = props;
  const scheduleEnd = functions.makeStep('ScheduleEnd', 'schedule-end', {
    description: 'Schedules the end of a machine, or moves it',
    environment: { ...schedulesOf(props), END_MACHINE_FUNCTION_ARN: endMachine.function.functionArn },
  });
  functions.sendNotices(scheduleEnd);
  ends.allow(scheduleEnd, ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule']);
  return scheduleEnd;
}

function addLaunchMachine(props: MachineStepsProps): ServiceFunction {
  const { functions, settings, startScripts, place, prices, managedBy } = props;
  const launchMachine = functions.makeStep('LaunchMachine', 'launch-machine', {
    description: 'Launches a machine once and looks whether it runs',
    timeout: Duration.seconds(60),
    environment: {
      START_SCRIPTS_PARAMETER_NAME: startScripts.parameterName,
      AMI_PARAMETER_NAME: settings.amiParameter,
      PRICES: prices,
      SUBNET_IDS: place.subnetIds.join(','),
      SECURITY_GROUP_ID: place.securityGroup.securityGroupId,
      INSTANCE_PROFILE_ARN: place.profile.attrArn,
      MANAGED_BY: managedBy,
      ...(settings.systemsManager === false ? {} : { WAIT_FOR_AGENT: 'true' }),
    },
  });
  functions.sendNotices(launchMachine);
  launchMachine.allow(
    ['ssm:GetParameter'],
    startScripts.parameterArn,
    publicParameterArn(launchMachine, settings.amiParameter),
  );
  // It takes no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
  if (settings.systemsManager !== false) launchMachine.allow(['ssm:DescribeInstanceInformation'], '*');
  place.allowLaunch(launchMachine, managedBy);
  place.allowTermination(launchMachine, managedBy);
  allowDescribing(launchMachine);
  return launchMachine;
}

/** Public parameters belong to no account. */
function publicParameterArn(scope: ServiceFunction, name: string): string {
  return Stack.of(scope).formatArn({ service: 'ssm', account: '', resource: 'parameter', resourceName: name.slice(1) });
}
