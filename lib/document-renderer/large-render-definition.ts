import {
  integration,
  longestRetrySeconds,
  retryFor,
  transientLambdaErrors,
  type Retrier,
  type State,
} from '../constructs/asl';
import { invokeFunction } from '../constructs/invoke-function';
import type { ServiceFunction } from '../constructs/service-function';
import type { DocumentRendererSettings } from './document-renderer-settings';

export interface LargeRenderSteps {
  readonly endLargeRender: ServiceFunction;
  readonly clusterArn: string;
  readonly taskFamily: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly settings: DocumentRendererSettings;
}

export const containerName = 'renderer';

const end = 'Stop the task';
/** Time for EndLargeRender to be tried again, in seconds. */
const endSeconds = 3_600;

/**
 * Errors of RunTask, after which no task runs: no capacity, throttling, an outage. ECS reports throttling of EC2 as an invalid
 * parameter. https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
 */
const notStarted: Retrier = retryFor(
  ['AmazonECS.Unknown', 'ECS.AmazonECSException', 'ECS.ServerException', 'ECS.InvalidParameterException'],
  { seconds: 7_200, intervalSeconds: 15, maxDelaySeconds: 300 },
);

/** State machine of a large document, whose attempts run one after the other. */
export function largeRenderDefinition(steps: LargeRenderSteps): object {
  const { endLargeRender, settings } = steps;
  const attemptSeconds = settings.largeRenderMinutes * 60 + settings.largeRenderHeartbeatSeconds + 60;
  const onDemand = 'Render on demand';
  const onSpot = 'Render on Spot';
  return {
    Comment: 'Renders a large document in a container, in up to three attempts.',
    TimeoutSeconds: 3 * (longestRetrySeconds(notStarted, 30) + attemptSeconds + endSeconds),
    StartAt: settings.largeRenderSpot ? onSpot : onDemand,
    States: {
      ...(settings.largeRenderSpot ? { [onSpot]: runTask(steps, 'FARGATE_SPOT', attemptSeconds, []) } : {}),
      [onDemand]: runTask(steps, 'FARGATE', attemptSeconds, [notStarted]),
      [end]: invokeFunction(
        endLargeRender,
        {
          'requestKey.$': '$.requestKey',
          'attempt.$': '$.attempt',
          'execution.$': '$$.Execution.Name',
          'failure.$': '$.failure',
        },
        [
          retryFor([...transientLambdaErrors, 'ServiceBusyError'], {
            seconds: endSeconds,
            intervalSeconds: 2,
            maxDelaySeconds: 60,
          }),
        ],
        {
          ResultSelector: { 'next.$': '$.Payload.next', 'attempt.$': '$.Payload.attempt' },
          ResultPath: '$.decision',
          Next: 'What follows?',
        },
      ),
      'What follows?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.decision.next', StringEquals: 'again', Next: 'Count the attempt' }],
        Default: 'Ended',
      },
      'Count the attempt': {
        Type: 'Pass',
        Parameters: { 'requestKey.$': '$.requestKey', 'attempt.$': '$.decision.attempt' },
        Next: onDemand,
      },
      Ended: { Type: 'Succeed' },
    },
  };
}

/** An attempt. Its token's output is left out, so that the state keeps keys alone. */
function runTask(
  steps: LargeRenderSteps,
  capacityProvider: string,
  attemptSeconds: number,
  retriers: readonly Retrier[],
): State {
  const { clusterArn, taskFamily, subnetIds, securityGroupId, settings } = steps;
  return {
    Type: 'Task',
    Resource: integration('ecs:runTask.waitForTaskToken'),
    Parameters: {
      Cluster: clusterArn,
      TaskDefinition: taskFamily,
      CapacityProviderStrategy: [{ CapacityProvider: capacityProvider, Weight: 1 }],
      PlatformVersion: '1.4.0',
      NetworkConfiguration: {
        AwsvpcConfiguration: { Subnets: subnetIds, SecurityGroups: [securityGroupId], AssignPublicIp: 'DISABLED' },
      },
      Overrides: {
        ContainerOverrides: [
          {
            Name: containerName,
            Environment: [
              { Name: 'TASK_TOKEN', 'Value.$': '$$.Task.Token' },
              { Name: 'REQUEST_KEY', 'Value.$': '$.requestKey' },
              { Name: 'EXECUTION_NAME', 'Value.$': '$$.Execution.Name' },
            ],
          },
        ],
      },
    },
    HeartbeatSeconds: settings.largeRenderHeartbeatSeconds,
    TimeoutSeconds: attemptSeconds,
    Retry: retriers,
    ResultSelector: {},
    ResultPath: '$.failure',
    Next: end,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: end }],
  };
}
