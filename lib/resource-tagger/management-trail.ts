import { Duration, Validations, type Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Config } from '../config';
import { AccessLogBucket, PrivateBucket } from '../constructs/private-bucket';
import { stackUniqueName } from '../constructs/stack-unique-name';

/**
 * Adds a trail of the management events of this region that write, without which EventBridge gets no API calls, and the bucket
 * that it needs. The bucket's policy is the documented one, for this trail alone.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export function addManagementTrail(stack: Stack, config: Config, keepDays: number): void {
  const accessLogs = new AccessLogBucket(stack, 'AccessLogs', { config });
  const { bucket } = new PrivateBucket(stack, 'TrailLogs', { config, accessLogs });
  bucket.addLifecycleRule({ id: 'ForgetLogs', expiration: Duration.days(keepDays) });
  // The policy names the trail, and the trail is made after the policy: its name has to be known beforehand.
  const trailName = stackUniqueName(stack, 'Trail');
  const ofTrail = {
    'aws:SourceArn': stack.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: trailName }),
  };
  const principals = [new ServicePrincipal('cloudtrail.amazonaws.com')];
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'TrailMayCheckAcl',
      principals,
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
      conditions: { StringEquals: ofTrail },
    }),
  );
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'TrailMayWrite',
      principals,
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/${stack.account}/*`)],
      conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', ...ofTrail } },
    }),
  );
  const trail = new CfnTrail(stack, 'Trail', {
    trailName,
    s3BucketName: bucket.bucketName,
    isLogging: true,
    enableLogFileValidation: true,
    isMultiRegionTrail: false,
    includeGlobalServiceEvents: false,
    // Reading calls are many, and nothing here uses them. Those of KMS that encrypt and decrypt count as reading.
    eventSelectors: [{ readWriteType: 'WriteOnly', includeManagementEvents: true }],
  });
  Validations.of(trail).acknowledge(
    {
      id: 'cdk-validator-cfnguard::cloud_trail_encryption_enabled_check',
      reason:
        'The bucket encrypts the log files with the key of S3, as every bucket here; only the account reads them.',
    },
    {
      id: 'cdk-validator-cfnguard::cloud_trail_cloud_watch_logs_enabled_check',
      reason:
        'The trail is there for EventBridge: nobody searches its events in CloudWatch, which costs by the gigabyte.',
    },
  );
  if (bucket.policy !== undefined) trail.node.addDependency(bucket.policy);
}
