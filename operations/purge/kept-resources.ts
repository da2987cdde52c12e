import type { DeployedTemplate, StackResource } from './stack-resources';

/** Resource of a deleted stack that stays, for a time or until somebody deletes it. */
export interface KeptResource {
  readonly type: string;
  readonly id: string;
  /** End of its stay, and the command that ends it. */
  readonly until: string;
}

/** KMS's default, and CDK's. https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html */
const defaultPendingDays = 30;
const day = 86_400_000;

/** Types that the purge deletes itself, and types that hold nothing. */
const handled = ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::Logs::LogGroup'];

/**
 * Resources of a deleted stack that stay: those that it kept, keys until their deletion, and final snapshots of databases.
 *
 * @param template of the stack, with deletion policies
 */
export function keptResources(
  resources: readonly StackResource[],
  template: DeployedTemplate,
  now: Date,
): KeptResource[] {
  return resources.flatMap((one) => {
    if (handled.includes(one.type)) return [];
    const until = untilOf(one, template, now);
    return until === undefined ? [] : [{ type: one.type, id: one.id, until }];
  });
}

function untilOf(one: StackResource, { Resources }: DeployedTemplate, now: Date): string | undefined {
  const definition = Resources[one.logicalId];
  if (one.status === 'DELETE_SKIPPED') {
    return one.type === 'AWS::KMS::Key'
      ? `kept and billed until its deletion is scheduled: aws kms schedule-key-deletion --key-id ${one.id}`
      : 'kept by its stack and billed until you delete it';
  }
  if (one.status !== 'DELETE_COMPLETE') return undefined;
  if (one.type === 'AWS::KMS::Key') {
    const days = Number(definition?.Properties?.PendingWindowInDays ?? defaultPendingDays);
    const end = new Date(one.time.getTime() + days * day);
    if (end <= now) return undefined;
    return `pending deletion, ends on ${end.toISOString().slice(0, 10)}; not billed (aws kms cancel-key-deletion keeps it)`;
  }
  if (one.type === 'AWS::RDS::DBInstance' && definition?.DeletionPolicy === 'Snapshot') {
    const query = `DBSnapshots[?DBInstanceIdentifier=='${one.id}'].DBSnapshotIdentifier`;
    return `final snapshot, billed until you delete it: aws rds describe-db-snapshots --snapshot-type manual --query "${query}"`;
  }
  return undefined;
}
