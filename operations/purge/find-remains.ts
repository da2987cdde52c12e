import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeLogGroupsCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { measureBucket, type BucketContent } from './empty-bucket';
import { keptResources, type KeptResource } from './kept-resources';
import { deletedStacks, deployedStack, resourcesOf, templateOf, type StackResource } from './stack-resources';

export interface PurgeClients {
  readonly cloudFormation: CloudFormationClient;
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  readonly account: string;
}

export interface FoundBucket {
  readonly name: string;
  readonly content: BucketContent;
  /** Reason why it must not be emptied. */
  readonly refusal?: string;
}

export interface FoundLogGroup {
  readonly name: string;
  readonly bytes: number;
  /** Undefined where it never expires. */
  readonly retentionDays?: number;
}

/** Parts of a stack that its deletion leaves behind, or that prevent it. */
export interface Remains {
  readonly stack: string;
  /** Status of the deployed stack; undefined after its deletion. */
  readonly status?: string;
  readonly buckets: readonly FoundBucket[];
  /** Those of deleted stacks; a deployed one still uses its own. */
  readonly logGroups: readonly FoundLogGroup[];
  readonly kept: readonly KeptResource[];
}

/**
 * Finds the buckets of the deployed stack, and what deleted stacks of the same name have left.
 *
 * @param isMeant selects deleted stacks by their ids
 */
export async function findRemains(
  clients: PurgeClients,
  stack: string,
  now: Date,
  isMeant: (stackId: string) => boolean = () => true,
): Promise<Remains> {
  const { cloudFormation } = clients;
  const deployed = await deployedStack(cloudFormation, stack);
  const own = deployed?.StackId === undefined ? [] : await resourcesOf(cloudFormation, deployed.StackId);
  const buckets = await findBuckets(clients, own, deployed?.StackId ?? '');
  const logGroups: FoundLogGroup[] = [];
  const kept: KeptResource[] = [];
  for (const { id } of await deletedStacks(cloudFormation, stack)) {
    if (!isMeant(id)) continue;
    const used = new Set(own.map((one) => one.id));
    // A resource that was kept may have been imported into the deployed stack.
    const left = (await resourcesOf(cloudFormation, id)).filter((one) => !used.has(one.id));
    buckets.push(...(await findBuckets(clients, left, id)));
    logGroups.push(...(await findLogGroups(clients, left)));
    kept.push(...keptResources(left, await templateOf(cloudFormation, id), now));
  }
  const status = deployed?.StackStatus;
  return { stack, ...(status === undefined ? {} : { status }), buckets, logGroups, kept };
}

async function findBuckets(
  clients: PurgeClients,
  resources: readonly StackResource[],
  stackId: string,
): Promise<FoundBucket[]> {
  const buckets: FoundBucket[] = [];
  for (const { id } of resources.filter(({ type, status }) => type === 'AWS::S3::Bucket' && !isGone(status))) {
    const { s3, account: owner } = clients;
    const refusal = await refusalOf(clients, id, stackId);
    if (refusal === 'gone') continue;
    if (refusal === undefined) buckets.push({ name: id, content: await measureBucket({ s3, bucket: id, owner }) });
    else buckets.push({ name: id, content: { entries: 0, bytes: 0 }, refusal });
  }
  return buckets;
}

function isGone(status: string): boolean {
  return status === 'DELETE_COMPLETE';
}

/** Tag that CloudFormation puts on each bucket of a stack. */
const stackIdTag = 'aws:cloudformation:stack-id';

/** Reason why a bucket must not be emptied; `gone` where there is no such bucket. */
async function refusalOf({ s3, account }: PurgeClients, bucket: string, stackId: string): Promise<string | undefined> {
  const target = { Bucket: bucket, ExpectedBucketOwner: account };
  const head = await orRefusal(s3.send(new HeadBucketCommand(target)));
  if (head === 404) return 'gone';
  if (head === 403) return 'it belongs to another account, or access is denied';
  const tags = await orRefusal(s3.send(new GetBucketTaggingCommand(target)));
  if (tags === 403) return 'its tags cannot be read: s3:GetBucketTagging is denied';
  const owner = tags === 404 ? undefined : tags.TagSet?.find(({ Key }) => Key === stackIdTag)?.Value;
  if (owner !== undefined && owner !== stackId) return `it belongs to another stack, ${owner}`;
  const lock = await orRefusal(s3.send(new GetObjectLockConfigurationCommand(target)));
  if (lock === 403) return 'its object lock cannot be read: s3:GetBucketObjectLockConfiguration is denied';
  return lock === 404 ? undefined : 'it has object lock: its versions cannot be deleted before their date';
}

/** S3's answer, or the status of a refusal: the answer to HEAD has no body, so that errors have no name. */
async function orRefusal<T extends object>(request: Promise<T>): Promise<T | 403 | 404> {
  return request.catch((error: unknown) => {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 403 || status === 404) return status;
    throw error;
  });
}

/** Log groups of deleted stacks that exist, also those that Lambda made for functions without one of their own. */
async function findLogGroups({ logs }: PurgeClients, resources: readonly StackResource[]): Promise<FoundLogGroup[]> {
  const names = resources.flatMap(({ type, id }) => {
    if (type === 'AWS::Logs::LogGroup') return [id];
    return type === 'AWS::Lambda::Function' ? [`/aws/lambda/${id}`] : [];
  });
  const found: FoundLogGroup[] = [];
  for (const name of names) {
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    const group = logGroups.find(({ logGroupName }) => logGroupName === name);
    if (group === undefined) continue;
    const { storedBytes: bytes = 0, retentionInDays: days } = group;
    found.push({ name, bytes, ...(days === undefined ? {} : { retentionDays: days }) });
  }
  return found;
}
