import { Annotations, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { FailureQueue } from '../constructs/failure-queue';
import { MessageTopic } from '../constructs/message-topic';
import type { ServiceFunction } from '../constructs/service-function';
import { ServiceStateMachine } from '../constructs/service-state-machine';
import { approvalDefinition } from './approval-definition';
import { acknowledgeSynchronous, ApprovalFunctions } from './approval-functions';
import { decideTimeoutSeconds } from './approval-states';
import { ApprovalPage } from './approval-page';
import { ApprovalTables } from './approval-tables';
import type { ApprovalWorkflowSettings } from './approval-workflow-settings';
import { addAuditEvents } from './audit-events';
import { MachineEnds } from './machine-ends';
import { MachinePlace } from './machine-place';
import { addMachineWatch, allowDescribing } from './machine-watch';

/**
 * A request for a machine is checked, approved by the right people, launched once, and ended in time.
 *
 *     requester -> SubmitRequest -> Workflow -+-> CheckRequest (policy, limits)
 *                                            +-> AskApproval -(mail, link)-> ApprovalPage -> DecideRequest -(task token)-+
 *                                            +-> ScheduleEnd -> schedule -> EndMachine -> machine                        |
 *                                            +-> LaunchMachine -> machine                                    <-----------+
 *     every change -> Requests and Audit tables -(stream)-> PublishEntries -> event bus
 *     every hour -> CountMachines -> alarms
 */
export class ApprovalWorkflowStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<ApprovalWorkflowSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'Machines on approved request (approval-workflow)', ...stackProps });

    if (settings.senderEmail !== undefined) {
      Annotations.of(this).addInfo(
        'In the sandbox of SES only verified addresses receive mail: verify those of the policy, or request production access.',
      );
    }
    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const tables = new ApprovalTables(this, 'Tables', { config });
    const notices = new MessageTopic(this, 'Notices', {
      config,
      messages: 'notices',
      sandboxReason: 'Sandbox requests are test data',
    });
    const eventBus = new EventBus(this, 'RequestEvents', {
      // CDK derives the default name from the construct path alone: sandbox and prod would have the same in one account.
      eventBusName: `${this.stackName}-RequestEvents`,
      description: 'Every change of a request, for other systems',
    });
    const policy = new StringParameter(this, 'Policy', {
      // For people; the stacks of two stages have different names.
      parameterName: `/${this.stackName}/policy`,
      description: 'Who may ask for machines, who approves, and the limits: JSON',
      stringValue: JSON.stringify(settings.policy),
    });
    const startScripts = new StringParameter(this, 'StartScripts', {
      parameterName: `/${this.stackName}/start-scripts`,
      description: 'Start scripts of machines by name: JSON',
      stringValue: JSON.stringify(settings.startScripts),
    });
    const place = new MachinePlace(this, 'Machines', { config, systemsManager: settings.systemsManager });
    const page = new ApprovalPage(this, 'ApprovalPage', { config });
    const { queue: unended } = new FailureQueue(this, 'UnendedMachines', {
      config,
      topic,
      runbook: 'unended-machines',
    });
    const ends = new MachineEnds(this, 'Ends', { deadLetters: unended });
    const prices = JSON.stringify({ sizes: settings.sizes, diskDollars: settings.diskDollars });
    const managedBy = this.stackName;

    const functions = new ApprovalFunctions(this, { config, settings, topic, tables, notices, policy });
    const checkRequest = functions.make('CheckRequest', 'check-request', {
      description: 'Checks a request against the policy and its limits',
    });
    const askApproval = functions.make('AskApproval', 'ask-approval', {
      description: 'Mails approvers their links',
      environment: { LINKS_TABLE_NAME: tables.links.tableName, PAGE_URL: page.url },
    });
    const decideRequest = functions.make('DecideRequest', 'decide-request', {
      description: "Serves an approver's page and takes the decision",
      timeout: Duration.seconds(decideTimeoutSeconds),
      environment: { LINKS_TABLE_NAME: tables.links.tableName },
    });
    const schedules = {
      SCHEDULE_GROUP_NAME: ends.groupName,
      SCHEDULE_ROLE_ARN: ends.role.roleArn,
      DEAD_LETTERS_ARN: unended.queueArn,
    };
    const endMachine = functions.make('EndMachine', 'end-machine', {
      description: 'Ends a request and terminates its machine',
      environment: schedules,
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: unended.queueArn }) },
    });
    const scheduleEnd = functions.make('ScheduleEnd', 'schedule-end', {
      description: 'Schedules the end of a machine, or moves it',
      environment: { ...schedules, END_MACHINE_FUNCTION_ARN: endMachine.function.functionArn },
    });
    const launchMachine = functions.make('LaunchMachine', 'launch-machine', {
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
        ...(settings.systemsManager ? { WAIT_FOR_AGENT: 'true' } : {}),
      },
    });
    const machine = new ServiceStateMachine(this, 'Workflow', {
      config,
      topic,
      description: 'Exactly the calls of the state machine of requests',
      definition: approvalDefinition({
        checkRequest: checkRequest.function.functionArn,
        askApproval: askApproval.function.functionArn,
        scheduleEnd: scheduleEnd.function.functionArn,
        launchMachine: launchMachine.function.functionArn,
        endMachine: endMachine.function.functionArn,
        approvalSeconds: settings.approvalSeconds,
        reminderSeconds: settings.reminderSeconds,
        launchSeconds: settings.launchSeconds,
      }),
      runbook: 'workflow',
      alarms: {
        failed: 'A request could not be brought to its end.',
        timedOut: 'A request exceeded the time of all its steps.',
        aborted: 'Somebody stopped the execution of a request.',
      },
    });
    const steps = [checkRequest, askApproval, scheduleEnd, launchMachine, endMachine];
    machine.allow(['lambda:InvokeFunction'], ...steps.map((step) => step.function.functionArn));
    const submitRequest = functions.make('SubmitRequest', 'submit-request', {
      description: 'Takes requests of people who sign them',
      environment: {
        PRICES: prices,
        START_SCRIPT_NAMES: ['none', ...Object.keys(settings.startScripts)].join(','),
        MAXIMUM_DAYS: String(settings.maximumDays),
        STATE_MACHINE_ARN: machine.stateMachine.stateMachineArn,
        END_MACHINE_FUNCTION_NAME: endMachine.function.functionName,
      },
    });
    const url = submitRequest.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    page.serve(decideRequest.function);
    ends.invoke(endMachine);
    const publishEntries = addAuditEvents(this, { config, topic, audit: tables.audit, eventBus });
    addMachineWatch(this, {
      config,
      topic,
      requests: tables.requests,
      deadLetters: unended,
      managedBy,
      approvalSeconds: settings.approvalSeconds,
    });

    for (const one of [checkRequest, submitRequest]) functions.readPolicy(one);
    for (const one of [askApproval, scheduleEnd, launchMachine, endMachine]) functions.sendNotices(one);
    for (const one of [checkRequest, endMachine]) one.allow(['dynamodb:UpdateItem'], tables.limits.tableArn);
    askApproval.allow(['dynamodb:PutItem'], tables.links.tableArn);
    decideRequest.allow(['dynamodb:GetItem'], tables.links.tableArn);
    ends.allow(scheduleEnd, ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule']);
    ends.allow(endMachine, ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule']);
    endMachine.allow(['sqs:SendMessage'], unended.queueArn);
    launchMachine.allow(
      ['ssm:GetParameter'],
      startScripts.parameterArn,
      publicParameterArn(this, settings.amiParameter),
    );
    // It takes no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
    if (settings.systemsManager) launchMachine.allow(['ssm:DescribeInstanceInformation'], '*');
    place.allowLaunch(launchMachine, managedBy);
    for (const one of [launchMachine, endMachine]) {
      place.allowTermination(one, managedBy);
      allowDescribing(one);
    }
    submitRequest.allow(['states:StartExecution'], machine.stateMachine.stateMachineArn);
    submitRequest.allow(['lambda:InvokeFunction'], endMachine.function.functionArn);
    allowOutcomes(this, [askApproval, decideRequest], machine);
    for (const one of [submitRequest, checkRequest, askApproval, decideRequest, scheduleEnd, launchMachine]) {
      acknowledgeSynchronous(one);
    }

    new CfnOutput(this, 'SubmitRequestUrl', { value: url.url });
    new CfnOutput(this, 'ApprovalPageUrl', { value: page.url });
    new CfnOutput(this, 'ApprovalStateMachineArn', { value: machine.stateMachine.stateMachineArn });
    new CfnOutput(this, 'RequestsTableName', { value: tables.requests.tableName });
    new CfnOutput(this, 'AuditTableName', { value: tables.audit.tableName });
    new CfnOutput(this, 'LimitsTableName', { value: tables.limits.tableName });
    new CfnOutput(this, 'PolicyParameterName', { value: policy.parameterName });
    new CfnOutput(this, 'NoticesTopicArn', { value: notices.topic.topicArn });
    new CfnOutput(this, 'EventBusName', { value: eventBus.eventBusName });
    new CfnOutput(this, 'EndMachineFunctionName', { value: endMachine.function.functionName });
    new CfnOutput(this, 'LaunchMachineFunctionName', { value: launchMachine.function.functionName });
    new CfnOutput(this, 'PublishEntriesFunctionName', { value: publishEntries.function.functionName });
    new CfnOutput(this, 'UnendedMachinesQueueUrl', { value: unended.queueUrl });
    new CfnOutput(this, 'ManagedBy', { value: managedBy });
    new CfnOutput(this, 'ApprovalSeconds', { value: String(settings.approvalSeconds) });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}

/** Public parameters belong to no account. */
function publicParameterArn(stack: Stack, name: string): string {
  return stack.formatArn({ service: 'ssm', account: '', resource: 'parameter', resourceName: name.slice(1) });
}

/**
 * Allows functions to continue the workflow. In a policy of its own: the role's default policy is created before the function,
 * and a function before the state machine that this one names.
 */
function allowOutcomes(
  stack: Stack,
  functions: readonly ServiceFunction[],
  { stateMachine }: ServiceStateMachine,
): void {
  new Policy(stack, 'SendOutcomes', {
    roles: functions.map(({ role }) => role),
    statements: [
      new PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: [stateMachine.stateMachineArn] }),
    ],
  });
}
