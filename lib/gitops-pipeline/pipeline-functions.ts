import type { Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { openIndexName } from '../../lambda/gitops-pipeline/adapters/dynamodb-items';
import { ServiceFunction } from '../constructs/service-function';
import { allowArtifacts } from './artifact-access';
import { addRequestApproval, addSignArtifact, addVerifyArtifact, allowListing } from './artifact-functions';
import { lockSeconds, type PipelineSteps } from './pipeline-definition';
import { asStep, functionProps, type PipelineResources } from './pipeline-resources';

/** Adds the functions of the state machine, each with exactly the permissions that it needs. */
export function addPipelineSteps(stack: Stack, resources: PipelineResources): PipelineSteps {
  return {
    startBuild: addStartBuild(stack, resources),
    signArtifact: addSignArtifact(stack, resources),
    requestApproval: addRequestApproval(stack, resources),
    verifyArtifact: addVerifyArtifact(stack, resources),
    claimEnvironment: addClaimEnvironment(stack, resources),
    checkAlarms: addCheckAlarms(stack, resources),
    chooseRollback: addChooseRollback(stack, resources),
    endRun: addEndRun(stack, resources),
  };
}

function addStartBuild(stack: Stack, resources: PipelineResources): ServiceFunction {
  const { runs, artifacts, projects } = resources;
  const names = Object.entries(projects.projects).map(([name, project]) => [name, project.ref] as const);
  const startBuild = asStep(
    new ServiceFunction(
      stack,
      'StartBuild',
      functionProps(resources, 'start-build', {
        description: 'Starts the build of a step',
        environment: {
          ARTIFACTS_BUCKET_NAME: artifacts.bucket.bucketName,
          PROJECTS: stack.toJsonString(Object.fromEntries(names)),
          TOOLS_OBJECT: `${projects.tools.s3BucketName}/${projects.tools.s3ObjectKey}`,
        },
      }),
    ),
  );
  startBuild.allow(['dynamodb:UpdateItem', 'dynamodb:GetItem'], runs.tableArn);
  startBuild.allow(
    ['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:ListBuildsForProject'],
    ...projects.arns,
  );
  return startBuild;
}

function addClaimEnvironment(stack: Stack, resources: PipelineResources): ServiceFunction {
  const { settings, runs, repository } = resources;
  const claimEnvironment = asStep(
    new ServiceFunction(
      stack,
      'ClaimEnvironment',
      functionProps(resources, 'claim-environment', {
        description: 'Takes the lock of an environment',
        environment: { REPOSITORY_NAME: repository.repositoryName, LOCK_SECONDS: String(lockSeconds(settings)) },
      }),
    ),
  );
  claimEnvironment.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);
  claimEnvironment.allow(['codecommit:GetBranch'], repository.repositoryArn);
  return claimEnvironment;
}

function addCheckAlarms(stack: Stack, resources: PipelineResources): ServiceFunction {
  const checkAlarms = asStep(
    new ServiceFunction(
      stack,
      'CheckAlarms',
      functionProps(resources, 'check-alarms', {
        description: 'Looks at the alarms of what was deployed',
        environment: { WATCH_SECONDS: String(resources.settings.watchSeconds) },
      }),
    ),
  );
  // Composite alarms are shown to those alone who may describe all alarms:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
  checkAlarms.allow(['cloudwatch:DescribeAlarms'], '*');
  return checkAlarms;
}

function addChooseRollback(stack: Stack, resources: PipelineResources): ServiceFunction {
  const chooseRollback = asStep(
    new ServiceFunction(
      stack,
      'ChooseRollback',
      functionProps(resources, 'choose-rollback', {
        description: 'Chooses the last good artifact after a failed deployment',
        environment: { LOCK_SECONDS: String(lockSeconds(resources.settings)) },
      }),
    ),
  );
  chooseRollback.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], resources.runs.tableArn);
  return chooseRollback;
}

function addEndRun(stack: Stack, resources: PipelineResources): ServiceFunction {
  const { runs, artifacts, repository, projects, reports } = resources;
  const endRun = asStep(
    new ServiceFunction(
      stack,
      'EndRun',
      functionProps(resources, 'end-run', {
        description: 'Ends a run and notifies the team',
        environment: {
          REPORTS_TOPIC_ARN: reports.topic.topicArn,
          ARTIFACTS_BUCKET_NAME: artifacts.bucket.bucketName,
          REPOSITORY_NAME: repository.repositoryName,
        },
      }),
    ),
  );
  endRun.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);
  endRun.allow(['dynamodb:Query'], `${runs.tableArn}/index/${openIndexName}`);
  endRun.allow(['codebuild:BatchGetBuilds', 'codebuild:StopBuild'], ...projects.arns);
  endRun.allow(['codecommit:GetCommit', 'codecommit:PostCommentForComparedCommit'], repository.repositoryArn);
  allowArtifacts(endRun.role, artifacts, ['s3:GetObject'], 'diff/');
  allowListing(endRun, resources);
  reports.allowPublishing(endRun);
  return endRun;
}

/**
 * Allows steps to send a result that was there before their last attempt. In a policy of its own: the roles' default policies
 * are created before the functions, and those before the state machine that this one names.
 */
export function allowEarlierResults(stack: Stack, steps: readonly ServiceFunction[], machine: StateMachine): void {
  new Policy(stack, 'SendEarlierResults', {
    roles: steps.map(({ role }) => role),
    statements: [
      new PolicyStatement({
        actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
        resources: [machine.stateMachineArn],
      }),
    ],
  });
}

/** ARNs of the functions that the state machine invokes. */
export function functionArns(steps: Readonly<Record<keyof PipelineSteps, ServiceFunction>>): string[] {
  return Object.values(steps).map((step) => step.function.functionArn);
}
