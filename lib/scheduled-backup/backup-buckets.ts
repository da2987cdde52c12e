import { Duration, Validations } from 'aws-cdk-lib';
import { Bucket, ObjectLockRetention, StorageClass, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { AccessLogBucket, PrivateBucket } from '../constructs/private-bucket';
import type { ServiceFunction } from '../constructs/service-function';
import type { ScheduledBackupSettings } from './scheduled-backup-settings';

export interface BackupBucketsProps {
  readonly config: Config;
  readonly settings: ScheduledBackupSettings;
}

/** For so long the journal tells what runs and restores did. */
const journalDays = 90;

/** A bucket that functions are given rights on, and the ids under which cdk-nag reports those on many keys. */
export interface GrantedBucket {
  readonly bucket: IBucket;
  readonly objectsFinding: (prefix: string) => string;
}

/** The source, the copies, and the journal of runs. */
export class BackupBuckets extends Construct {
  readonly source: GrantedBucket;
  readonly backup: GrantedBucket;
  readonly journal: GrantedBucket;

  constructor(scope: Construct, id: string, props: BackupBucketsProps) {
    super(scope, id);
    const { config, settings } = props;
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { config });
    this.source =
      settings.sourceBucketName === undefined
        ? granted(new PrivateBucket(this, 'Source', { config, accessLogs }))
        : existing(this, 'Source', settings.sourceBucketName);

    const locked = config.retainData && settings.objectLockDays > 0;
    const backup = new PrivateBucket(this, 'Backup', {
      config,
      accessLogs,
      ...(locked ? { objectLockEnabled: true, objectLockDefaultRetention: retention(settings) } : {}),
    });
    if (settings.coldStorageAfterDays !== undefined) {
      backup.bucket.addLifecycleRule({
        id: 'MoveToColdStorage',
        transitions: [
          {
            // Readable at once: a restore waits for nothing.
            storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
            transitionAfter: Duration.days(settings.coldStorageAfterDays),
          },
        ],
      });
    }
    this.backup = granted(backup);

    const journal = new PrivateBucket(this, 'Journal', { config, accessLogs });
    // The lock is not among them: it lies beside the two.
    for (const prefix of ['runs/', 'restores/']) {
      journal.bucket.addLifecycleRule({
        id: `Forget-${prefix.replace('/', '')}`,
        prefix,
        expiration: Duration.days(journalDays),
      });
    }
    this.journal = granted(journal);
  }
}

/** A bucket that stands already, to be named in policies. */
export function existing(scope: Construct, id: string, name: string): GrantedBucket {
  const bucket = Bucket.fromBucketName(scope, id, name);
  return {
    bucket,
    objectsFinding: (prefix) =>
      `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${name}/${prefix}*]`,
  };
}

/** Allows a function actions on the objects with a prefix. */
export function allowObjects(
  step: ServiceFunction,
  { bucket, objectsFinding }: GrantedBucket,
  actions: readonly string[],
  prefix = '',
): void {
  step.allow([...actions], bucket.arnForObjects(`${prefix}*`));
  Validations.of(step.role).acknowledge({
    id: objectsFinding(prefix),
    reason: 'Which keys there are is for whoever writes to the source bucket to say.',
  });
}

/** Allows a function to list, without which S3 answers 403 for what is not there. */
export function allowListing(step: ServiceFunction, ...buckets: readonly GrantedBucket[]): void {
  step.allow(['s3:ListBucket'], ...new Set(buckets.map(({ bucket }) => bucket.bucketArn)));
}

function granted(owned: PrivateBucket): GrantedBucket {
  // The cast: exactOptionalPropertyTypes finds Bucket's optional `isWebsite` unlike IBucket's, though CDK means the same.
  return { bucket: owned.bucket as IBucket, objectsFinding: (prefix) => owned.objectsFinding(prefix) };
}

function retention({ objectLockDays, objectLockMode }: ScheduledBackupSettings): ObjectLockRetention {
  const duration = Duration.days(objectLockDays);
  return objectLockMode === 'compliance'
    ? ObjectLockRetention.compliance(duration)
    : ObjectLockRetention.governance(duration);
}
