import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  type BucketProps,
  type CfnBucket,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from './data-removal-policy';

export interface PrivateBucketProps extends BucketProps {
  readonly config: Config;
  /** Bucket that receives this one's access logs. */
  readonly accessLogs: AccessLogBucket;
}

/**
 * Versioned, encrypted bucket without public access, for TLS 1.2 or newer.
 *
 * Noncurrent versions and aborted uploads expire. In prod the bucket outlives the stack; in a sandbox it is emptied and
 * deleted with it.
 */
export class PrivateBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { config, accessLogs, ...others } = props;
    this.bucket = new Bucket(this, 'Default', {
      ...closed(config),
      versioned: true,
      // The cast: exactOptionalPropertyTypes finds Bucket's optional `isWebsite` unlike IBucket's, though CDK means the same.
      serverAccessLogsBucket: accessLogs.bucket as IBucket,
      serverAccessLogsPrefix: `${id}/`,
      lifecycleRules: [
        {
          id: 'ForgetOldVersions',
          noncurrentVersionExpiration: Duration.days(config.noncurrentVersionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          expiredObjectDeleteMarker: true,
        },
      ],
      ...others,
    });
  }

  /** Id under which cdk-nag reports a policy that names all objects with this prefix, for an acknowledgment. */
  objectsFinding(prefix: string): string {
    const logicalId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    return `AwsSolutions::AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${prefix}*]`;
  }
}

export interface AccessLogBucketProps {
  readonly config: Config;
}

/** Bucket that a stack's other buckets write their access logs to. */
export class AccessLogBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id);
    const { config } = props;
    this.bucket = new Bucket(this, 'Default', {
      ...closed(config),
      versioned: true,
      lifecycleRules: [
        {
          id: 'ForgetOldLogs',
          expiration: Duration.days(config.accessLogDays),
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    const reason = 'It receives the access logs. Logging access to itself would log every log that it receives.';
    Validations.of(this.bucket).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-S1', reason },
      { id: 'cdk-validator-cfnguard::s3_bucket_logging_enabled_check', reason },
    );
  }
}

function closed(config: Config): BucketProps {
  return {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: dataRemovalPolicy(config),
    ...(config.retainData ? {} : { autoDeleteObjects: true }),
  };
}
