import { Duration, Validations, type Stack } from 'aws-cdk-lib';
import type { Repository } from 'aws-cdk-lib/aws-codecommit';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { openIndexName } from '../../lambda/gitops-pipeline/adapters/dynamodb-items';
import type { Config } from '../config';
import type { PrivateBucket } from '../constructs/private-bucket';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function';
import { allowArtifacts } from './artifact-access';
import type { BuildProjects } from './build-projects';
import type { GitopsPipelineSettings } from './gitops-pipeline-settings';
import { lockSeconds, type PipelineSteps } from './pipeline-definition';
import type { ReportsTopic } from './reports-topic';

export interface PipelineResources {
  readonly config: Config;
  readonly settings: GitopsPipelineSettings;
  readonly topic: ITopic;
  readonly reports: ReportsTopic;
  readonly runs: TableV2;
  readonly artifacts: PrivateBucket;
  readonly repository: Repository;
  readonly projects: BuildProjects;
  readonly signingKey: Key;
}

export type FunctionOptions = Pick<ServiceFunctionProps, 'description'> & Partial<ServiceFunctionProps>;

/** Properties of a function of the pipeline; its alarms share headings of the runbook. */
export function functionProps(
  { config, topic, runs }: PipelineResources,
  file: string,
  { environment, ...options }: FunctionOptions,
): ServiceFunctionProps {
  return {
    config,
    topic,
    runbook: 'function',
    handlerFile: `gitops-pipeline/${file}`,
    timeout: Duration.seconds(30),
    memorySize: 256,
    environment: { RUNS_TABLE_NAME: runs.tableName, ...environment },
    ...options,
  };
}

/** Adds the functions of the state machine, each with exactly the permissions that it needs. */
export function addPipelineSteps(stack: Stack, resources: PipelineResources): PipelineSteps {
  const { settings, runs, artifacts, repository, projects, signingKey, reports } = resources;
  const propsOf = (file: string, options: FunctionOptions) => functionProps(resources, file, options);
  const step = (made: ServiceFunction): ServiceFunction => {
    Validations.of(made.function).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'A state machine invokes it, waits for the result, retries failures, and reports the last one.',
    });
    return made;
  };
  const bucket = { ARTIFACTS_BUCKET_NAME: artifacts.bucket.bucketName };
  const source = { REPOSITORY_NAME: repository.repositoryName };
  const signed = { ...bucket, ...source, SIGNING_KEY_ARN: signingKey.keyArn };
  const buildProject = { BUILD_PROJECT_ARN: projects.projects.build.attrArn };
  const lock = { LOCK_SECONDS: String(lockSeconds(settings)) };
  const openIndex = `${runs.tableArn}/index/${openIndexName}`;

  const names = Object.entries(projects.projects).map(([name, project]) => [name, project.ref] as const);
  const startBuild = step(
    new ServiceFunction(
      stack,
      'StartBuild',
      propsOf('start-build', {
        description: 'Starts the build of a step',
        environment: {
          ...bucket,
          PROJECTS: stack.toJsonString(Object.fromEntries(names)),
          TOOLS_OBJECT: `${projects.tools.s3BucketName}/${projects.tools.s3ObjectKey}`,
        },
      }),
    ),
  );
  startBuild.allow(['dynamodb:UpdateItem', 'dynamodb:GetItem'], runs.tableArn);
  startBuild.allow(['codebuild:StartBuild', 'codebuild:BatchGetBuilds'], ...projects.arns);

  const signArtifact = step(
    new ServiceFunction(
      stack,
      'SignArtifact',
      propsOf('sign-artifact', {
        description: 'Signs what a build has made',
        environment: { ...signed, ...buildProject },
        // An assembly with its assets may have hundreds of megabytes, which stream through.
        timeout: Duration.minutes(5),
        memorySize: 1_024,
      }),
    ),
  );
  signArtifact.allow(['dynamodb:GetItem'], runs.tableArn);
  signArtifact.allow(['codebuild:BatchGetBuilds'], projects.projects.build.attrArn);
  allowArtifacts(signArtifact.role, artifacts, ['s3:GetObject'], 'build/');
  allowArtifacts(signArtifact.role, artifacts, ['s3:PutObject'], 'statements/');
  signArtifact.allow(['kms:Sign'], signingKey.keyArn);

  const requestApproval = step(
    new ServiceFunction(
      stack,
      'RequestApproval',
      propsOf('request-approval', {
        description: 'Asks for an approval of a difference',
        environment: {
          ...bucket,
          REPORTS_TOPIC_ARN: reports.topic.topicArn,
          APPROVAL_SECONDS: String(settings.approvalHours * 3_600),
        },
      }),
    ),
  );
  requestApproval.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);
  allowArtifacts(requestApproval.role, artifacts, ['s3:GetObject'], 'diff/');
  reports.allowPublishing(requestApproval);

  const verifyArtifact = step(
    new ServiceFunction(
      stack,
      'VerifyArtifact',
      propsOf('verify-artifact', {
        description: 'Verifies an artifact before it is deployed',
        environment: { ...signed, ...buildProject },
        timeout: Duration.minutes(5),
        memorySize: 1_024,
      }),
    ),
  );
  for (const prefix of ['build/', 'statements/']) {
    allowArtifacts(verifyArtifact.role, artifacts, ['s3:GetObjectVersion'], prefix);
  }
  verifyArtifact.allow(['kms:Verify'], signingKey.keyArn);
  // Without it S3 responds 403 for an object that is missing, which looks like a wrong policy.
  for (const reader of [signArtifact, requestApproval, verifyArtifact]) {
    reader.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
  }

  const claimEnvironment = step(
    new ServiceFunction(
      stack,
      'ClaimEnvironment',
      propsOf('claim-environment', {
        description: 'Takes the lock of an environment',
        environment: { ...source, ...lock },
      }),
    ),
  );
  claimEnvironment.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);
  claimEnvironment.allow(['codecommit:GetBranch'], repository.repositoryArn);

  const checkAlarms = step(
    new ServiceFunction(
      stack,
      'CheckAlarms',
      propsOf('check-alarms', {
        description: 'Looks at the alarms of what was deployed',
        environment: { WATCH_SECONDS: String(settings.watchSeconds) },
      }),
    ),
  );
  // Composite alarms are shown to those alone who may describe all alarms:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
  checkAlarms.allow(['cloudwatch:DescribeAlarms'], '*');

  const chooseRollback = step(
    new ServiceFunction(
      stack,
      'ChooseRollback',
      propsOf('choose-rollback', {
        description: 'Chooses the last good artifact after a failed deployment',
        environment: lock,
      }),
    ),
  );
  chooseRollback.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);

  const endRun = step(
    new ServiceFunction(
      stack,
      'EndRun',
      propsOf('end-run', {
        description: 'Ends a run and notifies the team',
        environment: { REPORTS_TOPIC_ARN: reports.topic.topicArn, ...bucket, ...source },
      }),
    ),
  );
  endRun.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);
  endRun.allow(['dynamodb:Query'], openIndex);
  endRun.allow(['codebuild:BatchGetBuilds', 'codebuild:StopBuild'], ...projects.arns);
  endRun.allow(['codecommit:GetCommit', 'codecommit:PostCommentForComparedCommit'], repository.repositoryArn);
  allowArtifacts(endRun.role, artifacts, ['s3:GetObject'], 'diff/');
  endRun.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
  reports.allowPublishing(endRun);
  return {
    startBuild,
    signArtifact,
    requestApproval,
    verifyArtifact,
    claimEnvironment,
    checkAlarms,
    chooseRollback,
    endRun,
  };
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
