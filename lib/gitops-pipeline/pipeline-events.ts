import { Duration, Validations, type Stack } from 'aws-cdk-lib';
import { Rule, Schedule, type IRuleTarget } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { FunctionUrlAuthType, type FunctionUrl } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { openIndexName } from '../../lambda/gitops-pipeline/adapters/dynamodb-items';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function';
import type { ServiceStateMachine } from '../constructs/service-state-machine';
import { decisionSeconds } from './pipeline-definition';
import { functionProps, type FunctionOptions, type PipelineResources } from './pipeline-resources';

export interface PipelineEventsProps extends PipelineResources {
  readonly machine: ServiceStateMachine;
  /** Receives events that could not be processed; the sweep finds what they were about. */
  readonly failed: Queue;
}

export interface PipelineEventFunctions {
  readonly startRun: ServiceFunction;
  readonly sweep: ServiceFunction;
  readonly decideApproval: ServiceFunction;
  readonly approveUrl: FunctionUrl;
}

/**
 * Functions that events, a schedule and people invoke:
 *
 *     push -> StartRun; build ended -> FinishBuild; every few minutes -> Sweep; approver -> DecideApproval
 */
export function addPipelineEvents(stack: Stack, props: PipelineEventsProps): PipelineEventFunctions {
  const { settings, repository, projects, failed } = props;
  const startRun = addStartRun(stack, props);
  new Rule(stack, 'Pushed', {
    description: 'Branches that were created or moved',
    eventPattern: {
      source: ['aws.codecommit'],
      detailType: ['CodeCommit Repository State Change'],
      resources: [repository.repositoryArn],
      detail: { event: ['referenceCreated', 'referenceUpdated'], referenceType: ['branch'] },
    },
    targets: [target(startRun.function, failed)],
  });
  const finishBuild = addFinishBuild(stack, props);
  new Rule(stack, 'BuildEnded', {
    description: 'Builds of the pipeline that ended',
    eventPattern: {
      source: ['aws.codebuild'],
      detailType: ['CodeBuild Build State Change'],
      detail: {
        'project-name': Object.values(projects.projects).map((project) => project.ref),
        'build-status': ['SUCCEEDED', 'FAILED', 'FAULT', 'TIMED_OUT', 'STOPPED'],
      },
    },
    targets: [target(finishBuild.function, failed)],
  });
  const sweep = addSweep(stack, props);
  new Rule(stack, 'EveryFewMinutes', {
    description: 'Looks for what lost events have left',
    schedule: Schedule.rate(Duration.minutes(settings.sweepMinutes)),
    targets: [target(sweep.function, failed)],
  });
  const decideApproval = addDecideApproval(stack, props);
  const approveUrl = decideApproval.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
  return { startRun, sweep, decideApproval, approveUrl };
}

function target(invoked: ServiceFunction['function'], deadLetterQueue: Queue): IRuleTarget {
  return new LambdaFunction(invoked, { deadLetterQueue, retryAttempts: 185, maxEventAge: Duration.hours(24) });
}

/** Properties of a function that is invoked asynchronously. */
function asynchronousProps(props: PipelineEventsProps, file: string, options: FunctionOptions): ServiceFunctionProps {
  return functionProps(props, file, {
    retryAttempts: 2,
    maxEventAge: Duration.hours(1),
    // CDK's SqsDestination grants three actions, and Lambda uses one.
    onFailure: { bind: () => ({ destination: props.failed.queueArn }) },
    ...options,
  });
}

const environmentsOf = ({ settings }: PipelineEventsProps): Record<string, string> => ({
  ENVIRONMENTS: JSON.stringify(settings.environments),
});

function addStartRun(stack: Stack, props: PipelineEventsProps): ServiceFunction {
  const { runs, machine } = props;
  const startRun = new ServiceFunction(
    stack,
    'StartRun',
    asynchronousProps(props, 'start-run', {
      description: 'Starts the run of a pushed commit',
      environment: { ...environmentsOf(props), STATE_MACHINE_ARN: machine.stateMachine.stateMachineArn },
    }),
  );
  startRun.allow(['sqs:SendMessage'], props.failed.queueArn);
  startRun.allow(['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);
  startRun.allow(['states:StartExecution'], machine.stateMachine.stateMachineArn);
  return startRun;
}

function addFinishBuild(stack: Stack, props: PipelineEventsProps): ServiceFunction {
  const { runs, machine, projects } = props;
  const finishBuild = new ServiceFunction(
    stack,
    'FinishBuild',
    asynchronousProps(props, 'finish-build', {
      description: 'Gives the result of a build to its run',
    }),
  );
  finishBuild.allow(['sqs:SendMessage'], props.failed.queueArn);
  finishBuild.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);
  finishBuild.allow(['codebuild:BatchGetBuilds'], ...projects.arns);
  allowTaskResults(finishBuild, machine);
  return finishBuild;
}

function addSweep(stack: Stack, props: PipelineEventsProps): ServiceFunction {
  const { runs, machine, projects, repository, settings } = props;
  const sweep = new ServiceFunction(
    stack,
    'Sweep',
    asynchronousProps(props, 'sweep', {
      description: 'Finds what lost events have left',
      timeout: Duration.seconds(Math.min(300, settings.sweepMinutes * 60)),
      environment: {
        ...environmentsOf(props),
        STATE_MACHINE_ARN: machine.stateMachine.stateMachineArn,
        REPOSITORY_NAME: repository.repositoryName,
      },
    }),
  );
  sweep.allow(['sqs:SendMessage'], props.failed.queueArn);
  sweep.allow(['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);
  sweep.allow(['dynamodb:Query'], `${runs.tableArn}/index/${openIndexName}`);
  sweep.allow(['codebuild:BatchGetBuilds', 'codebuild:StopBuild'], ...projects.arns);
  sweep.allow(['codecommit:ListBranches', 'codecommit:GetBranch'], repository.repositoryArn);
  sweep.allow(['states:StartExecution'], machine.stateMachine.stateMachineArn);
  sweep.allow(['states:DescribeExecution'], machine.executionArns);
  Validations.of(sweep.role).acknowledge({
    id: machine.executionArnsFinding,
    reason: 'The executions of this one machine, which are named after their runs.',
  });
  allowTaskResults(sweep, machine);
  return sweep;
}

function addDecideApproval(stack: Stack, props: PipelineEventsProps): ServiceFunction {
  const { runs, machine } = props;
  const decideApproval = new ServiceFunction(
    stack,
    'DecideApproval',
    functionProps(props, 'decide-approval', {
      description: 'Receives decisions on deployments',
      expectedErrors: 'malformed requests',
      timeout: Duration.seconds(decisionSeconds),
    }),
  );
  decideApproval.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);
  allowTaskResults(decideApproval, machine);
  Validations.of(decideApproval.function).acknowledge({
    id: 'Serverless::Serverless-LambdaDLQ',
    reason: 'It is not invoked asynchronously: the caller waits and receives each error.',
  });
  return decideApproval;
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
function allowTaskResults(by: ServiceFunction, { stateMachine }: ServiceStateMachine): void {
  by.allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], stateMachine.stateMachineArn);
}
