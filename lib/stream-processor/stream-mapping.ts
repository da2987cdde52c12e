import { Duration, Validations } from 'aws-cdk-lib';
import {
  EventSourceMapping,
  MetricType,
  StartingPosition,
  type EventSourceMappingOptions,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { PrivateBucket } from '../constructs/private-bucket';
import type { ServiceFunction } from '../constructs/service-function';
import type { StreamProcessorSettings } from './stream-processor-settings';

export interface StreamMappingProps {
  readonly target: ServiceFunction;
  readonly settings: StreamProcessorSettings;
  readonly failures: PrivateBucket;
  readonly sourceArn: string;
  readonly maximumAgeSeconds: number;
  /**
   * Patterns of the records that are processed.
   *
   * @default all
   */
  readonly filters?: EventSourceMappingOptions['filters'];
}

/** Prefix of the keys that Lambda gives the objects of an on-failure destination. */
const failurePrefix = 'aws/lambda/';

/**
 * Event source mapping of a stream: a record that cannot be processed is isolated, retried a few times and sent to Failures as a
 * whole, and its shard goes on.
 */
export class StreamMapping extends Construct {
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: StreamMappingProps) {
    super(scope, id);
    const { target, settings, failures, sourceArn, maximumAgeSeconds, filters } = props;
    const { bucket } = failures;
    // Lambda writes to the destination with the function's role, and asks for the bucket first:
    // https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
    target.allow(['s3:PutObject'], bucket.arnForObjects(`${failurePrefix}*`));
    target.allow(['s3:ListBucket'], bucket.bucketArn);
    Validations.of(target.role).acknowledge({
      id: failures.objectsFinding(failurePrefix),
      reason: 'Lambda names the objects by mapping, shard, time and a random id.',
    });
    this.mapping = new EventSourceMapping(this, 'Default', {
      target: target.function,
      eventSourceArn: sourceArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: settings.batchSize,
      maxBatchingWindow: Duration.seconds(settings.batchingWindowSeconds),
      parallelizationFactor: settings.parallelizationFactor,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: settings.maximumRetries,
      maxRecordAge: Duration.seconds(maximumAgeSeconds),
      // A destination of our own: CDK's grants more than Lambda uses.
      onFailure: { bind: () => ({ destination: bucket.bucketArn }) },
      supportS3OnFailureDestination: true,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
      ...(filters === undefined ? {} : { filters }),
    });
    this.mapping.node.addDependency(target.role);
  }
}
