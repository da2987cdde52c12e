import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Config } from '../config';
import type { ServiceFunction } from '../constructs/service-function';
import { ServiceStateMachine } from '../constructs/service-state-machine';
import { approvalDefinition } from './approval-definition';
import type { ApprovalSteps } from './approval-steps';
import type { ApprovalWorkflowSettings } from './approval-workflow-settings';
import type { MachineSteps } from './machine-steps';

export interface RequestWorkflowProps {
  readonly config: Config;
  readonly settings: ApprovalWorkflowSettings;
  readonly topic: ITopic;
  readonly steps: ApprovalSteps & MachineSteps;
}

/** Adds the state machine of requests, which AskApproval and DecideRequest continue. */
export function addRequestWorkflow(
  stack: Stack,
  { config, settings, topic, steps }: RequestWorkflowProps,
): ServiceStateMachine {
  const { checkRequest, askApproval, decideRequest, scheduleEnd, launchMachine, endMachine } = steps;
  const { approvalSeconds, reminderSeconds, launchSeconds } = settings;
  const workflow = new ServiceStateMachine(stack, 'Workflow', {
    config,
    topic,
    description: 'Exactly the calls of the state machine of requests',
    definition: approvalDefinition({
      checkRequest: checkRequest.function.functionArn,
      askApproval: askApproval.function.functionArn,
      scheduleEnd: scheduleEnd.function.functionArn,
      launchMachine: launchMachine.function.functionArn,
      endMachine: endMachine.function.functionArn,
      approvalSeconds,
      reminderSeconds,
      launchSeconds,
    }),
    runbook: 'workflow',
    alarms: {
      failed: 'A request could not be brought to its end.',
      timedOut: 'A request exceeded the time of all its steps.',
      aborted: 'Somebody stopped the execution of a request.',
    },
  });
  const invoked = [checkRequest, askApproval, scheduleEnd, launchMachine, endMachine];
  workflow.allow(['lambda:InvokeFunction'], ...invoked.map((step) => step.function.functionArn));
  allowOutcomes(stack, [askApproval, decideRequest], workflow);
  return workflow;
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
