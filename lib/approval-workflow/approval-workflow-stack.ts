import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { FailureQueue } from '../constructs/failure-queue';
import { MessageTopic } from '../constructs/message-topic';
import { ApprovalDashboard } from './approval-dashboard';
import { ApprovalFunctions } from './approval-functions';
import { ApprovalPage } from './approval-page';
import { addApprovalSteps } from './approval-steps';
import { ApprovalTables } from './approval-tables';
import type { ApprovalWorkflowSettings } from './approval-workflow-settings';
import { addAuditEvents } from './audit-events';
import { MachineEnds } from './machine-ends';
import { MachinePlace } from './machine-place';
import { addMachineSteps } from './machine-steps';
import { addMachineWatch } from './machine-watch';
import { addRequestWorkflow } from './request-workflow';

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
    const approvalSteps = addApprovalSteps({ functions, tables, page });
    const machineSteps = addMachineSteps({
      functions,
      settings,
      tables,
      startScripts,
      place,
      ends,
      unended,
      prices,
      managedBy,
    });
    const steps = { ...approvalSteps, ...machineSteps };
    const { stateMachine } = addRequestWorkflow(this, { config, settings, topic, steps });
    const { endMachine, launchMachine } = machineSteps;
    const submitRequest = functions.makeStep('SubmitRequest', 'submit-request', {
      description: 'Takes requests of people who sign them',
      environment: {
        PRICES: prices,
        START_SCRIPT_NAMES: ['none', ...Object.keys(settings.startScripts)].join(','),
        MAXIMUM_DAYS: String(settings.maximumDays),
        STATE_MACHINE_ARN: stateMachine.stateMachineArn,
        END_MACHINE_FUNCTION_NAME: endMachine.function.functionName,
      },
    });
    functions.readPolicy(submitRequest);
    submitRequest.allow(['states:StartExecution'], stateMachine.stateMachineArn);
    submitRequest.allow(['lambda:InvokeFunction'], endMachine.function.functionArn);
    const url = submitRequest.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    const publishEntries = addAuditEvents(this, { config, topic, audit: tables.audit, eventBus });
    const countMachines = addMachineWatch(this, {
      config,
      topic,
      requests: tables.requests,
      deadLetters: unended,
      managedBy,
      approvalSeconds: settings.approvalSeconds,
    });
    if (settings.dashboard ?? config.dashboards) {
      new ApprovalDashboard(this, 'Overview', {
        stateMachine,
        requests: tables.requests,
        unended,
        launchMachine: launchMachine.function,
        endMachine: endMachine.function,
      });
    }

    new CfnOutput(this, 'SubmitRequestUrl', { value: url.url });
    new CfnOutput(this, 'ApprovalPageUrl', { value: page.url });
    new CfnOutput(this, 'ApprovalStateMachineArn', { value: stateMachine.stateMachineArn });
    new CfnOutput(this, 'RequestsTableName', { value: tables.requests.tableName });
    new CfnOutput(this, 'AuditTableName', { value: tables.audit.tableName });
    new CfnOutput(this, 'LimitsTableName', { value: tables.limits.tableName });
    new CfnOutput(this, 'PolicyParameterName', { value: policy.parameterName });
    new CfnOutput(this, 'NoticesTopicArn', { value: notices.topic.topicArn });
    new CfnOutput(this, 'EventBusName', { value: eventBus.eventBusName });
    new CfnOutput(this, 'EndMachineFunctionName', { value: endMachine.function.functionName });
    new CfnOutput(this, 'LaunchMachineFunctionName', { value: launchMachine.function.functionName });
    new CfnOutput(this, 'CountMachinesFunctionName', { value: countMachines.function.functionName });
    new CfnOutput(this, 'PublishEntriesFunctionName', { value: publishEntries.function.functionName });
    new CfnOutput(this, 'UnendedMachinesQueueUrl', { value: unended.queueUrl });
    new CfnOutput(this, 'ManagedBy', { value: managedBy });
    new CfnOutput(this, 'ApprovalSeconds', { value: String(settings.approvalSeconds) });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
