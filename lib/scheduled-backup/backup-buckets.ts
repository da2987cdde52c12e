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

/** Days that the journal keeps the records of runs and restores. */
const journalDays = 90;

/** Bucket with the ids under which cdk-nag reports permissions on its objects. */
export interface GrantedBucket {
  readonly bucket: IBucket;
  readonly objectsFinding: (prefix: string) => string;
}

/** Buckets of the source, of the copies, and of the journal of runs. */
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
            // A class whose objects are readable at once, so that no restore has to wait.
            storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
            transitionAfter: Duration.days(settings.coldStorageAfterDays),
          },
        ],
      });
    }
    this.backup = granted(backup);

    const journal = new PrivateBucket(this, 'Journal', { config, accessLogs });
    // Not lock.json, which is outside of both prefixes.
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

/** Existing bucket, by its name. */
export function existing(scope: Construct, id: string, name: string): GrantedBucket {
  const bucket = Bucket.fromBucketName(scope, id, name);
  return {
    bucket,
    objectsFinding: (prefix) =>
      `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${name}/${prefix}*]`,
  };
}

/** Function or state machine with a role of its own. */
type Grantee = Pick<ServiceFunction, 'allow' | 'role'>;

/** Allows actions on objects with a prefix. */
export function allowObjects(
  grantee: Grantee,
  { bucket, objectsFinding }: GrantedBucket,
  actions: readonly string[],
  prefix = '',
): void {
  grantee.allow([...actions], bucket.arnForObjects(`${prefix}*`));
  Validations.of(grantee.role).acknowledge({
    id: objectsFinding(prefix),
    reason: 'The keys of the objects are chosen by whoever writes to the source bucket.',
  });
}

/** Allows a function to list, without which S3 answers 403 in place of 404 for an object that does not exist. */
export function allowListing(step: ServiceFunction, ...buckets: readonly GrantedBucket[]): void {
  step.allow(['s3:ListBucket'], ...new Set(buckets.map(({ bucket }) => bucket.bucketArn)));
}

function granted(owned: PrivateBucket): GrantedBucket {
  // The cast: under exactOptionalPropertyTypes the optional `isWebsite` of Bucket is not that of IBucket.
  return { bucket: owned.bucket as IBucket, objectsFinding: (prefix) => owned.objectsFinding(prefix) };
}

function retention({ objectLockDays, objectLockMode }: ScheduledBackupSettings): ObjectLockRetention {
  const duration = Duration.days(objectLockDays);
  return objectLockMode === 'compliance'
    ? ObjectLockRetention.compliance(duration)
    : ObjectLockRetention.governance(duration);
}
