import { Duration, Validations } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { AccessLogBucket, PrivateBucket } from '../constructs/private-bucket';
import type { ServiceFunction } from '../constructs/service-function';

export interface EtlBucketsProps {
  readonly config: Config;
  readonly workDays: number;
}

/** Buckets of uploaded files, of what steps leave for each other, and of results. */
export class EtlBuckets extends Construct {
  readonly incoming: PrivateBucket;
  readonly work: PrivateBucket;
  readonly curated: PrivateBucket;

  constructor(scope: Construct, id: string, props: EtlBucketsProps) {
    super(scope, id);
    const { config, workDays } = props;
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { config });
    this.incoming = new PrivateBucket(this, 'Incoming', { config, accessLogs });
    // CDK's `eventBridgeEnabled` adds a function of its own that may change any bucket's notifications.
    (this.incoming.bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    this.work = new PrivateBucket(this, 'Work', { config, accessLogs, versioned: false });
    this.work.bucket.addLifecycleRule({ id: 'ForgetFinishedWork', expiration: Duration.days(workDays) });
    Validations.of(this.work.bucket).acknowledge({
      id: 'cdk-validator-cfnguard::s3_bucket_versioning_enabled_check',
      reason:
        'Whatever is in it can be made again from the uploaded file, and versions would be paid for after it is deleted.',
    });
    this.curated = new PrivateBucket(this, 'Curated', { config, accessLogs });
  }
}

/** Function or state machine with a role of its own. */
type Grantee = Pick<ServiceFunction, 'allow' | 'role'>;

/** Allows actions on objects with a prefix. */
export function allowObjects(
  grantee: Grantee,
  bucket: PrivateBucket,
  actions: readonly string[],
  prefix: string,
): void {
  grantee.allow([...actions], bucket.bucket.arnForObjects(`${prefix}*`));
  Validations.of(grantee.role).acknowledge({
    id: bucket.objectsFinding(prefix),
    reason: 'The keys are those of uploaded files, or begin with ids that are made from them.',
  });
}

/** Allows a function to list, without which S3 answers 403 in place of 404 for an object that does not exist. */
export function allowListing(grantee: Grantee, ...buckets: readonly PrivateBucket[]): void {
  grantee.allow(['s3:ListBucket'], ...buckets.map(({ bucket }) => bucket.bucketArn));
}
