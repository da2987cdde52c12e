import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CodeCommitClient,
  CreateCommitCommand,
  GetBranchCommand,
  GetCommentsForComparedCommitCommand,
} from '@aws-sdk/client-codecommit';
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { ScenarioRun } from '../shared/scenario';
import { demoFiles, type Demo } from './demo';

/** Deployed pipeline: names of its resources, and clients. */
export interface Deployment {
  readonly codecommit: CodeCommitClient;
  readonly cloudformation: CloudFormationClient;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly stepFunctions: SFNClient;
  readonly repository: string;
  readonly artifactsBucket: string;
  readonly runsTable: string;
  readonly machine: string;
}

export function readDeployment(run: ScenarioRun): Deployment {
  return {
    codecommit: new CodeCommitClient({}),
    cloudformation: new CloudFormationClient({}),
    dynamodb: new DynamoDBClient({}),
    s3: new S3Client({}),
    stepFunctions: new SFNClient({}),
    repository: run.output('RepositoryName'),
    artifactsBucket: run.output('ArtifactsBucketName'),
    runsTable: run.output('RunsTableName'),
    machine: run.output('PipelineStateMachineArn'),
  };
}

/** Commits a version of the demo to a branch, on top of its head; returns the commit. */
export async function push(
  { codecommit, repository: repositoryName }: Deployment,
  branchName: string,
  demo: Demo,
  commitMessage = 'a change',
): Promise<string> {
  const parentCommitId = await headOf(codecommit, repositoryName, branchName);
  const { commitId = '' } = await codecommit.send(
    new CreateCommitCommand({
      repositoryName,
      branchName,
      ...(parentCommitId === undefined ? {} : { parentCommitId }),
      commitMessage,
      putFiles: Object.entries(demoFiles(demo)).map(([filePath, text]) => ({
        filePath,
        fileContent: Buffer.from(text),
      })),
    }),
  );
  return commitId;
}

async function headOf(
  client: CodeCommitClient,
  repositoryName: string,
  branchName: string,
): Promise<string | undefined> {
  try {
    return (await client.send(new GetBranchCommand({ repositoryName, branchName }))).branch?.commitId;
  } catch (error) {
    if (error instanceof Error && error.name === 'BranchDoesNotExistException') return undefined;
    throw error;
  }
}

export interface RunItem {
  readonly status: string;
  readonly failure: string;
  readonly digest: string;
  readonly artifact: Readonly<Record<string, string>>;
}

/** Run as the table has it, or undefined. */
export async function readRun(
  { dynamodb, runsTable }: Deployment,
  environment: string,
  commit: string,
): Promise<RunItem | undefined> {
  const Key = { id: { S: `run#${environment}-${commit}` } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: runsTable, Key, ConsistentRead: true }));
  if (Item === undefined) return undefined;
  const artifact = JSON.parse(Item['artifact']?.S || '{}') as Record<string, string>;
  return {
    status: Item['status']?.S ?? '',
    failure: Item['failure']?.S ?? '',
    digest: artifact['digest'] ?? '',
    artifact,
  };
}

/** Waits until a run has ended; returns how. */
export function waitForEnd(
  run: ScenarioRun,
  deployment: Deployment,
  environment: string,
  commit: string,
): Promise<RunItem> {
  return run.eventually(
    `the end of the run of ${commit.slice(0, 8)}`,
    async () => {
      const found = await readRun(deployment, environment, commit);
      return found === undefined || ['starting', 'running'].includes(found.status) ? undefined : found;
    },
    { withinSeconds: 600 },
  );
}

/** Value that a stack of the demo publishes, or undefined without the stack; the stack is deleted at the end of the check. */
export async function deployedValue({ cloudformation }: Deployment, stackName: string): Promise<string | undefined> {
  try {
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'Value')?.OutputValue;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  }
}

/** Deletes the stacks of a demo at the end of the check. */
export function cleanUpStacks(run: ScenarioRun, { cloudformation }: Deployment, name: string): void {
  run.cleanUp('the stacks of the demo', async () => {
    for (const environment of ['staging', 'prod']) {
      await cloudformation.send(new DeleteStackCommand({ StackName: `${name}-${environment}` }));
    }
  });
}

/** Text of the comments on a commit, which follow the end of its run. */
export function awaitComment(
  run: ScenarioRun,
  { codecommit, repository }: Deployment,
  commit: string,
): Promise<string> {
  return run.eventually(`a comment on ${commit.slice(0, 8)}`, async () => {
    const get = new GetCommentsForComparedCommitCommand({ repositoryName: repository, afterCommitId: commit });
    const { commentsForComparedCommitData = [] } = await codecommit.send(get);
    const found = commentsForComparedCommitData.flatMap(({ comments = [] }) => comments.map(({ content }) => content));
    return found.length === 0 ? undefined : found.join('\n');
  });
}

/** Run that has the lock of an environment. */
export async function ownerOf({ dynamodb, runsTable }: Deployment, environment: string): Promise<string | undefined> {
  const Key = { id: { S: `environment#${environment}` } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: runsTable, Key, ConsistentRead: true }));
  return Item?.['owner']?.S;
}

/** Gives the lock of an environment to a run, as if it had ended without a release. */
export async function lock({ dynamodb, runsTable }: Deployment, environment: string, runId: string): Promise<void> {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: runsTable,
      Key: { id: { S: `environment#${environment}` } },
      UpdateExpression: 'SET #owner = :owner, #until = :until',
      ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
      ExpressionAttributeValues: {
        ':owner': { S: runId },
        ':until': { N: String(Math.ceil(Date.now() / 1_000) + 600) },
      },
    }),
  );
}
