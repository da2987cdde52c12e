import type { Step } from '../../lambda/gitops-pipeline/run';
import { integration, retryFor, transientLambdaErrors, type State } from '../constructs/asl';
import { invokeFunction } from '../constructs/invoke-function';
import type { ServiceFunction } from '../constructs/service-function';
import type { GitopsPipelineSettings } from './gitops-pipeline-settings';

/** Functions that the state machine invokes. */
export interface PipelineSteps {
  readonly startBuild: ServiceFunction;
  readonly signArtifact: ServiceFunction;
  readonly requestApproval: ServiceFunction;
  readonly verifyArtifact: ServiceFunction;
  readonly claimEnvironment: ServiceFunction;
  readonly checkAlarms: ServiceFunction;
  readonly chooseRollback: ServiceFunction;
  readonly endRun: ServiceFunction;
}

/** Time for the event of a build's end, and for the sweep that looks for a lost one, in seconds. */
const eventSeconds = 1_800;

/** Longest time of one build with its queue and its event, in seconds. */
export function stepSeconds(settings: GitopsPipelineSettings): number {
  return (settings.queuedTimeoutMinutes + settings.buildTimeoutMinutes) * 60 + eventSeconds;
}

/** Longest time of a deployment, its smoke test and its watch, in seconds, with time for the states between. */
export function lockSeconds(settings: GitopsPipelineSettings): number {
  return 2 * stepSeconds(settings) + settings.watchSeconds + 3_600;
}

/** Time in which an approval is possible, in seconds. */
export function approvalSeconds({ approvalHours }: GitopsPipelineSettings): number {
  return Math.ceil(approvalHours * 3_600);
}

/** Longest time of an execution, in seconds. */
function executionSeconds(settings: GitopsPipelineSettings): number {
  const waits = 2 * approvalSeconds(settings) + 2 * settings.waitHours * 3_600;
  return waits + 9 * stepSeconds(settings) + settings.watchSeconds;
}

/** Longest time of a decision that was sent just before the end, in seconds: the state machine waits for it. */
export const decisionSeconds = 15;

const end = 'End the run';

/** State machine of a run, from the commit to its end. */
export function pipelineDefinition(steps: PipelineSteps, settings: GitopsPipelineSettings): object {
  const caught = (next: string): object => ({
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: next }],
  });
  const busy = (...errors: string[]): object =>
    retryFor(['Lambda.TooManyRequestsException', 'ServiceBusyError', ...errors], {
      // Full jitter halves the delays on average.
      seconds: 2 * settings.waitHours * 3_600,
      intervalSeconds: 2,
      // A retry is three of the 25,000 events of an execution, so that there is room for 6,000, whatever it waits for:
      // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
      maxDelaySeconds: Math.max(60, Math.ceil(executionSeconds(settings) / 3_000)),
    });
  const transient = retryFor(
    // A task that waits for a token has timed out for good.
    transientLambdaErrors.filter((error) => !['Lambda.TooManyRequestsException', 'States.Timeout'].includes(error)),
    { seconds: 120, intervalSeconds: 1, maxDelaySeconds: 30 },
  );
  const decide = (by: ServiceFunction, next: string, busyErrors: readonly string[] = [], onError = end): State =>
    invokeFunction(by, '$', [busy(...busyErrors), transient], {
      OutputPath: '$.Payload',
      Next: next,
      ...caught(onError),
    });
  const awaiting = (by: ServiceFunction, payload: object, timeoutSeconds: number, more: object): State => ({
    Type: 'Task',
    Resource: integration('lambda:invoke.waitForTaskToken'),
    Parameters: {
      FunctionName: by.function.functionArn,
      Payload: { ...payload, 'taskToken.$': '$$.Task.Token', 'state.$': '$' },
    },
    TimeoutSeconds: timeoutSeconds,
    Retry: [busy('BuilderBusyError'), transient],
    ResultPath: null,
    ...more,
  });
  const build = (step: Step, next: string, onError = end): State =>
    awaiting(steps.startBuild, { step }, stepSeconds(settings), { Next: next, ...caught(onError) });

  return {
    Comment: 'Scans, builds and tests a commit, and deploys it to the environment of its branch.',
    TimeoutSeconds: executionSeconds(settings),
    StartAt: 'Is it an earlier artifact?',
    States: {
      'Is it an earlier artifact?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.run.again', IsPresent: true, Next: 'Sign the artifact' }],
        Default: 'Scan the commit',
      },
      'Scan the commit': build('scan', 'Build the assembly'),
      'Build the assembly': build('build', 'Test the commit'),
      'Test the commit': build('test', 'Sign the artifact'),
      'Sign the artifact': decide(steps.signArtifact, 'Check the assembly'),
      'Check the assembly': build('check', 'Is it deployed?'),
      'Is it deployed?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.run.environment', IsPresent: true, Next: 'Show the difference' }],
        Default: end,
      },
      'Show the difference': build('diff', 'Is an approval needed?'),
      'Is an approval needed?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.run.environment.approval', BooleanEquals: true, Next: 'Wait for the approval' }],
        Default: 'Verify the artifact',
      },
      'Wait for the approval': awaiting(
        steps.requestApproval,
        { 'since.$': '$$.State.EnteredTime' },
        approvalSeconds(settings) + decisionSeconds,
        {
          Next: 'Verify the artifact',
          Catch: [
            { ErrorEquals: ['States.Timeout'], ResultPath: null, Next: 'The approval has expired' },
            { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: end },
          ],
        },
      ),
      'The approval has expired': {
        Type: 'Pass',
        Result: { Error: 'ApprovalExpired', Cause: 'nobody has decided in time' },
        ResultPath: '$.failure',
        Next: end,
      },
      'Verify the artifact': decide(steps.verifyArtifact, 'Claim the environment'),
      'Claim the environment': decide(steps.claimEnvironment, 'May it deploy?', ['EnvironmentBusyError']),
      'May it deploy?': {
        Type: 'Choice',
        Choices: [
          { Variable: '$.decision', StringEquals: 'deploy', Next: 'Deploy the assembly' },
          { Variable: '$.decision', StringEquals: 'compare', Next: 'Show the difference' },
        ],
        Default: end,
      },
      'Deploy the assembly': build('deploy', 'Run the smoke test', 'Choose the rollback'),
      'Run the smoke test': build('smoke', 'Watch the alarms', 'Choose the rollback'),
      'Watch the alarms': decide(steps.checkAlarms, 'Is it over?', [], 'Choose the rollback'),
      'Is it over?': {
        Type: 'Choice',
        Choices: [
          { Variable: '$.decision', StringEquals: 'watch', Next: 'Wait for alarms' },
          { Variable: '$.decision', StringEquals: 'alarm', Next: 'Choose the rollback' },
        ],
        Default: end,
      },
      'Wait for alarms': {
        Type: 'Wait',
        Seconds: Math.min(30, Math.max(1, settings.watchSeconds)),
        Next: 'Watch the alarms',
      },
      'Choose the rollback': decide(steps.chooseRollback, 'Is there a rollback?'),
      'Is there a rollback?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.decision', StringEquals: 'roll back', Next: 'Verify the artifact' }],
        Default: end,
      },
      [end]: invokeFunction(steps.endRun, '$', [busy('BuildStillRunningError'), transient], {
        ResultSelector: { 'status.$': '$.Payload.status', 'failed.$': '$.Payload.failed' },
        ResultPath: '$.end',
        Next: 'Has it failed?',
      }),
      'Has it failed?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.end.failed', BooleanEquals: true, Next: 'The run failed' }],
        Default: 'The run has ended',
      },
      'The run has ended': { Type: 'Succeed' },
      'The run failed': { Type: 'Fail', Error: 'RunFailed', Cause: 'The report to the team says why.' },
    },
  };
}
