import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ArchitectureProps, Config } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import { FailureQueue } from '../constructs/failure-queue';
import { AccessLogBucket, PrivateBucket } from '../constructs/private-bucket';
import { ServiceFunction } from '../constructs/service-function';
import type { ImageResizeSettings } from './image-resize-settings';

/**
 * Resizes every uploaded photo into variants; an event that keeps failing waits in a queue and raises an alarm.
 *
 *     photo -> Upload bucket -> s3:ObjectCreated -> ResizeImage -> Resized bucket
 *                                                     | on failure, after retries
 *                                                     +-> Failures queue -> alarm
 *                                                     | photo not found, after retries
 *                                                     +-> NotFound queue
 */
export class ImageResizeStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<ImageResizeSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'Photos resized on upload (image-resize)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { config });
    const upload = new PrivateBucket(this, 'Upload', { config, accessLogs });
    const resized =
      settings.output.bucket === 'upload' ? upload : new PrivateBucket(this, 'Resized', { config, accessLogs });
    const failures = new FailureQueue(this, 'Failures', { config, topic, runbook: 'failures' });
    const notFound = addNotFoundQueue(this, config);

    const resizeImage = new ServiceFunction(this, 'ResizeImage', {
      config,
      topic,
      handlerFile: 'image-resize/resize-image',
      description: 'Makes the variants of an uploaded photo, or removes them with it',
      expectedErrors: 'attempts whose photo S3 does not have',
      timeout: Duration.seconds(settings.timeoutSeconds),
      memorySize: settings.memoryMegabytes,
      retryAttempts: settings.retryAttempts,
      maxEventAge: Duration.seconds(settings.maximumEventAgeSeconds),
      // A destination of our own: SqsDestination grants three actions, Lambda uses one.
      onFailure: { bind: () => ({ destination: failures.queue.queueArn }) },
      environment: {
        // Absent where the output goes to the upload bucket, whose name the event holds: the bucket notifies the
        // function, so the function cannot name the bucket (CloudFormation refuses the circular reference).
        ...(resized === upload ? {} : { RESIZED_BUCKET_NAME: resized.bucket.bucketName }),
        OUTPUT_PREFIX: settings.output.prefix,
        VARIANTS: JSON.stringify(settings.variants),
        MAXIMUM_BYTES: String(settings.maximumBytes),
        MAXIMUM_PIXELS: String(settings.maximumPixels),
        CACHE_CONTROL: settings.output.cacheControl,
        NOT_FOUND_QUEUE_URL: notFound.queueUrl,
        NOT_FOUND_RETRY_SECONDS: String(lastAttemptSeconds[settings.retryAttempts] ?? 0),
      },
    });

    resizeImage.allow(['sqs:SendMessage'], failures.queue.queueArn, notFound.queueArn);
    const { input, output } = settings;
    // A policy of its own, since the role's default policy must exist before the function and the function before the bucket.
    const buckets = new Policy(this, 'ResizeImageBuckets', {
      roles: [resizeImage.role],
      statements: [
        allow(['s3:GetObject', 's3:GetObjectVersion'], upload.bucket.arnForObjects(`${input.prefix}*`)),
        allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], resized.bucket.arnForObjects(`${output.prefix}*`)),
        // Without it S3 answers 403 for a missing key, which looks like a failure instead of a deletion.
        allow(['s3:ListBucket'], ...new Set([upload.bucket.bucketArn, resized.bucket.bucketArn])),
        allow(['s3:ListBucketVersions'], upload.bucket.bucketArn),
      ],
    });
    Validations.of(buckets).acknowledge(
      { id: upload.objectsFinding(input.prefix), reason: 'Any uploaded photo is resized.' },
      { id: resized.objectsFinding(output.prefix), reason: 'The variants of any photo are written.' },
    );
    notify(upload.bucket, resizeImage.function, input.prefix);

    new CfnOutput(this, 'UploadBucketName', { value: upload.bucket.bucketName });
    new CfnOutput(this, 'ResizedBucketName', { value: resized.bucket.bucketName });
    new CfnOutput(this, 'ResizeImageFunctionName', { value: resizeImage.function.functionName });
    new CfnOutput(this, 'FailuresQueueUrl', { value: failures.queue.queueUrl });
    new CfnOutput(this, 'NotFoundQueueUrl', { value: notFound.queueUrl });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}

/** By the number of retries, the age in seconds from which an attempt may be the last: Lambda's waits, less a margin. */
const lastAttemptSeconds = [0, 30, 150];

/**
 * Queue for events whose photo S3 did not have in any attempt. No alarm: most of these photos were deleted for good in the
 * meantime, and the others are redriven.
 */
function addNotFoundQueue(stack: Stack, config: Config): Queue {
  const queue = new Queue(stack, 'NotFound', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: dataRemovalPolicy(config),
  });
  const reason = 'Events end here after their retries, for a redrive: a queue behind it would hide them from it.';
  Validations.of(queue).acknowledge(
    { id: 'AwsSolutions::AwsSolutions-SQS3', reason },
    { id: 'Serverless::Serverless-SQSRedrivePolicy', reason },
    { id: 'cdk-validator-cfnguard::sqs_dlq_check', reason },
  );
  return queue;
}

/**
 * Configures S3's native notification as a property of the bucket: CDK's `addEventNotification` would add a function of its
 * own with permissions on every bucket.
 *
 * The permission names only the account, since naming the bucket would be a circular reference; S3 requires nothing more.
 */
function notify(bucket: Bucket, target: IFunction, prefix: string): void {
  const permission = new CfnPermission(bucket, 'MayInvoke', {
    principal: 's3.amazonaws.com',
    action: 'lambda:InvokeFunction',
    functionName: target.functionArn,
    sourceAccount: Stack.of(bucket).account,
  });
  Validations.of(permission).acknowledge({
    id: 'cdk-validator-cfnguard::lambda_function_public_access_prohibited_check',
    reason: 'The rule wants sourceAccount as a literal; here it is the account that the stack is deployed to.',
  });
  const cfnBucket = bucket.node.defaultChild as CfnBucket;
  const filter = prefix === '' ? {} : { filter: { s3Key: { rules: [{ name: 'prefix', value: prefix }] } } };
  cfnBucket.notificationConfiguration = {
    lambdaConfigurations: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:LifecycleExpiration:*'].map((event) => ({
      event,
      function: target.functionArn,
      ...filter,
    })),
  };
  cfnBucket.addResourceDependency(permission);
}

function allow(actions: string[], ...resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions, resources });
}
