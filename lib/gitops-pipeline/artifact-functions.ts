import { Duration, type Stack } from 'aws-cdk-lib';
import { ServiceFunction } from '../constructs/service-function';
import { allowArtifacts } from './artifact-access';
import { approvalSeconds } from './pipeline-definition';
import { asStep, functionProps, type PipelineResources } from './pipeline-resources';

/** An assembly with its assets may have hundreds of megabytes, which stream through. */
const forArtifacts = { timeout: Duration.minutes(5), memorySize: 1_024 };

function signedEnvironment({ artifacts, repository, signingKey, projects }: PipelineResources): Record<string, string> {
  return {
    ARTIFACTS_BUCKET_NAME: artifacts.bucket.bucketName,
    REPOSITORY_NAME: repository.repositoryName,
    SIGNING_KEY_ARN: signingKey.keyArn,
    BUILD_PROJECT_ARN: projects.projects.build.attrArn,
  };
}

export function addSignArtifact(stack: Stack, resources: PipelineResources): ServiceFunction {
  const { runs, artifacts, projects, signingKey } = resources;
  const signArtifact = asStep(
    new ServiceFunction(
      stack,
      'SignArtifact',
      functionProps(resources, 'sign-artifact', {
        description: 'Signs what a build has made',
        environment: signedEnvironment(resources),
        ...forArtifacts,
      }),
    ),
  );
  signArtifact.allow(['dynamodb:GetItem'], runs.tableArn);
  signArtifact.allow(['codebuild:BatchGetBuilds'], projects.projects.build.attrArn);
  allowArtifacts(signArtifact.role, artifacts, ['s3:GetObject'], 'build/');
  allowArtifacts(signArtifact.role, artifacts, ['s3:PutObject'], 'statements/');
  signArtifact.allow(['kms:Sign'], signingKey.keyArn);
  allowListing(signArtifact, resources);
  return signArtifact;
}

export function addVerifyArtifact(stack: Stack, resources: PipelineResources): ServiceFunction {
  const { artifacts, signingKey } = resources;
  const verifyArtifact = asStep(
    new ServiceFunction(
      stack,
      'VerifyArtifact',
      functionProps(resources, 'verify-artifact', {
        description: 'Verifies an artifact before it is deployed',
        environment: signedEnvironment(resources),
        ...forArtifacts,
      }),
    ),
  );
  for (const prefix of ['build/', 'statements/']) {
    allowArtifacts(verifyArtifact.role, artifacts, ['s3:GetObjectVersion'], prefix);
  }
  verifyArtifact.allow(['kms:Verify'], signingKey.keyArn);
  allowListing(verifyArtifact, resources);
  return verifyArtifact;
}

export function addRequestApproval(stack: Stack, resources: PipelineResources): ServiceFunction {
  const { settings, runs, artifacts, reports } = resources;
  const requestApproval = asStep(
    new ServiceFunction(
      stack,
      'RequestApproval',
      functionProps(resources, 'request-approval', {
        description: 'Asks for an approval of a difference',
        environment: {
          ARTIFACTS_BUCKET_NAME: artifacts.bucket.bucketName,
          REPORTS_TOPIC_ARN: reports.topic.topicArn,
          APPROVAL_SECONDS: String(approvalSeconds(settings)),
        },
      }),
    ),
  );
  requestApproval.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], runs.tableArn);
  allowArtifacts(requestApproval.role, artifacts, ['s3:GetObject'], 'diff/');
  reports.allowPublishing(requestApproval);
  allowListing(requestApproval, resources);
  return requestApproval;
}

/** Without it S3 responds 403 for an object that is missing, which looks like a wrong policy. */
export function allowListing(reader: ServiceFunction, { artifacts }: PipelineResources): void {
  reader.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
}
