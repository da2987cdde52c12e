import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { EventSourceMapping, FilterCriteria, FilterRule, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { AccessLogBucket, PrivateBucket } from '../constructs/private-bucket';
import { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters';
import { ServiceFunction } from '../constructs/service-function';
import { ReadingsStream } from './readings-stream';
import { StreamAlarms } from './stream-alarms';
import { StreamDashboard } from './stream-dashboard';
import { StreamMapping } from './stream-mapping';
import { changeAgeSeconds, rememberSeconds, type StreamProcessorSettings } from './stream-processor-settings';
import { StreamTables } from './stream-tables';

/** Longest time for a reading to get into the stream, whoever sends it. */
const recordingTimeout = Duration.seconds(20);

/** Receives of a message before it is a dead letter: as many attempts as an asynchronous invocation has. */
const maximumReceives = 3;

/**
 * Processes records of a Kinesis stream and changes of a table in order, with nothing stuck and nothing lost.
 *
 *     HTTP, event, queue -> RecordReading -> Readings (Kinesis) -> AggregateReadings -> Windows table, Archive bucket
 *               +-> dead letters -> alarm
 *     writer -> Accounts table -> change stream -> ProjectChanges -> Summaries table, AccountEvents (EventBridge)
 *                                       both: on failure -> Failures bucket (whole records) -> alarm -> ops replay
 */
export class StreamProcessorStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<StreamProcessorSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'Change streams and Kinesis, in order (stream-processor)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { config });
    const failures = new PrivateBucket(this, 'Failures', { config, accessLogs });
    failures.bucket.addLifecycleRule({ id: 'ForgetFailures', expiration: Duration.days(settings.failureDays) });
    const archive = new PrivateBucket(this, 'Archive', { config, accessLogs });
    const { windows, seen, accounts, summaries } = new StreamTables(this, 'Tables', { config });
    const eventBus = new EventBus(this, 'AccountEvents', {
      // CDK derives the default name from the construct path alone: sandbox and prod would have the same in one account.
      eventBusName: `${this.stackName}-AccountEvents`,
      description: 'Changes of accounts, for other systems',
    });
    const readings = new ReadingsStream(this, 'Readings', { config, settings });

    const common = { config, topic, memorySize: settings.memoryMegabytes };
    const consumer = {
      ...common,
      timeout: Duration.seconds(settings.timeoutSeconds),
      expectedErrors: 'records that no attempt can process',
    };
    const aggregateReadings = new ServiceFunction(this, 'AggregateReadings', {
      ...consumer,
      handlerFile: 'stream-processor/aggregate-readings',
      description: 'Adds readings to their windows, each once, and archives them',
      environment: {
        WINDOWS_TABLE_NAME: windows.tableName,
        SEEN_TABLE_NAME: seen.tableName,
        ARCHIVE_BUCKET_NAME: archive.bucket.bucketName,
        WINDOW_SECONDS: String(settings.windowSeconds),
        LATENESS_SECONDS: String(settings.latenessSeconds),
        CLOCK_TOLERANCE_SECONDS: String(settings.clockToleranceSeconds),
        REMEMBER_SECONDS: String(rememberSeconds(settings)),
      },
    });
    const projectChanges = new ServiceFunction(this, 'ProjectChanges', {
      ...consumer,
      handlerFile: 'stream-processor/project-changes',
      description: 'Writes changes of accounts into their view and publishes events',
      environment: { SUMMARIES_TABLE_NAME: summaries.tableName, EVENT_BUS_NAME: eventBus.eventBusName },
    });
    const { queue, deadLetters } = new QueueWithDeadLetters(this, 'ReadingsQueue', {
      config,
      topic,
      runbook: 'dead-letters',
      consumerTimeout: recordingTimeout,
      batchingWindow: Duration.seconds(0),
      maximumReceives,
      retentionPeriod: Duration.days(4),
    });
    const recordReading = new ServiceFunction(this, 'RecordReading', {
      ...common,
      timeout: recordingTimeout,
      expectedErrors: 'malformed readings',
      handlerFile: 'stream-processor/record-reading',
      description: 'Writes readings to the stream, by HTTP, by an event and from a queue',
      environment: { READINGS_STREAM_NAME: readings.stream.streamName },
      retryAttempts: 2,
      // A destination of our own: SqsDestination grants three actions, Lambda uses one.
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
    });

    aggregateReadings.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], windows.tableArn);
    aggregateReadings.allow(['dynamodb:PutItem'], seen.tableArn);
    for (const prefix of ['readings/', 'late/']) {
      aggregateReadings.allow(['s3:PutObject'], archive.bucket.arnForObjects(`${prefix}*`));
      Validations.of(aggregateReadings.role).acknowledge({
        id: archive.objectsFinding(prefix),
        reason: 'The keys are made from the hour and from sequence numbers of the batch.',
      });
    }
    readings.allowReading(aggregateReadings);
    projectChanges.allow(['dynamodb:PutItem'], summaries.tableArn);
    projectChanges.allow(['events:PutEvents'], eventBus.eventBusArn);
    const changesArn = accounts.tableStreamArn ?? '';
    projectChanges.allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], changesArn);
    // Lambda asks for it when it creates the mapping, and it takes no resource:
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
    projectChanges.allow(['dynamodb:ListStreams'], '*');
    recordReading.allow(['kinesis:PutRecords'], readings.stream.streamArn);
    recordReading.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.queueArn);
    recordReading.allow(['sqs:SendMessage'], deadLetters.queueArn);

    const { mapping: readingsMapping } = new StreamMapping(this, 'ReadingsToAggregateReadings', {
      target: aggregateReadings,
      settings,
      failures,
      sourceArn: readings.sourceArn,
      maximumAgeSeconds: settings.maximumRecordAgeSeconds,
    });
    const { mapping: changesMapping } = new StreamMapping(this, 'AccountsToProjectChanges', {
      target: projectChanges,
      settings,
      failures,
      sourceArn: changesArn,
      maximumAgeSeconds: changeAgeSeconds(settings),
      // Accounts are closed by their writer, not deleted. On Kinesis, a filter would silently drop whatever is no JSON.
      filters: [FilterCriteria.filter({ eventName: FilterRule.or('INSERT', 'MODIFY') })],
    });
    const queueMapping = new EventSourceMapping(this, 'QueueToRecordReading', {
      target: recordReading.function,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    });
    queueMapping.node.addDependency(recordReading.role);
    Validations.of(queueMapping).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason: 'A queue has no on-failure destination: a message that keeps failing goes to its dead-letter queue.',
    });
    const url = recordReading.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });

    new StreamAlarms(this, 'Streams', {
      topic,
      readings: readings.stream,
      consumers: {
        AggregateReadings: { function: aggregateReadings.function, mapping: readingsMapping },
        ProjectChanges: { function: projectChanges.function, mapping: changesMapping },
      },
      lateAfterSeconds: settings.lateAfterSeconds,
    });
    for (const { function: polled } of [aggregateReadings, projectChanges]) {
      Validations.of(polled).acknowledge({
        id: 'Serverless::Serverless-LambdaDLQ',
        reason: 'Event source mappings invoke it synchronously, and send what fails to the bucket Failures.',
      });
    }
    if (settings.dashboard ?? config.dashboards) {
      const consumers = [aggregateReadings.function, projectChanges.function];
      new StreamDashboard(this, 'Overview', { readings: readings.stream, consumers });
    }

    new CfnOutput(this, 'ReadingsStreamName', { value: readings.stream.streamName });
    new CfnOutput(this, 'AccountsTableName', { value: accounts.tableName });
    new CfnOutput(this, 'SummariesTableName', { value: summaries.tableName });
    new CfnOutput(this, 'WindowsTableName', { value: windows.tableName });
    new CfnOutput(this, 'ArchiveBucketName', { value: archive.bucket.bucketName });
    new CfnOutput(this, 'FailuresBucketName', { value: failures.bucket.bucketName });
    new CfnOutput(this, 'RecordReadingUrl', { value: url.url });
    new CfnOutput(this, 'ReadingsQueueUrl', { value: queue.queueUrl });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: deadLetters.queueUrl });
    new CfnOutput(this, 'EventBusName', { value: eventBus.eventBusName });
    new CfnOutput(this, 'AggregateReadingsFunctionName', { value: aggregateReadings.function.functionName });
    new CfnOutput(this, 'ProjectChangesFunctionName', { value: projectChanges.function.functionName });
    new CfnOutput(this, 'RecordReadingFunctionName', { value: recordReading.function.functionName });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
