import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { DeduplicationScope, FifoThroughputLimit } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { AccessLogBucket, PrivateBucket } from '../constructs/private-bucket';
import { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters';
import { RunbookAlarm } from '../constructs/runbook-alarm';
import { ServiceFunction } from '../constructs/service-function';
import { FulfilmentDashboard } from './fulfilment-dashboard';
import { FulfilmentTables } from './fulfilment-tables';
import { retentionDays, type QueueProcessorSettings } from './queue-processor-settings';

/**
 * Fulfils orders from a queue in batches, each order once. A message that keeps failing goes to a dead-letter queue, raises
 * an alarm, and is redriven once its cause is fixed.
 *
 *     producer -> Orders -+-> FulfilOrder -> Fulfilments, Stock
 *                         |     ^ claim check: Payloads
 *                         +-> dead letters -> alarm
 *                                   +-> RedriveDeadLetters -> Orders
 */
export class QueueProcessorStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<QueueProcessorSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'Orders from a queue, each fulfilled once (queue-processor)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const { fulfilments, stock, failureReasons } = new FulfilmentTables(this, 'Tables', { config });
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { config });
    const payloads = new PrivateBucket(this, 'Payloads', { config, accessLogs });
    payloads.bucket.addLifecycleRule({ id: 'ForgetPayloads', expiration: Duration.days(settings.payloadDays) });

    const timeout = Duration.seconds(settings.timeoutSeconds);
    const batchingWindow = Duration.seconds(settings.batchingWindowSeconds);
    const { queue: orders, deadLetters } = new QueueWithDeadLetters(this, 'Orders', {
      config,
      topic,
      runbook: 'dead-letters',
      consumerTimeout: timeout,
      batchingWindow,
      maximumReceives: settings.maxReceiveCount,
      retentionPeriod: Duration.days(retentionDays),
      ...(settings.fifo ? perCustomer : {}),
    });
    new RunbookAlarm(this, 'OrdersOld', {
      topic,
      runbook: 'orders-old',
      meaning: `The oldest order in Orders is ${settings.lateAfterSeconds} s old or older.`,
      metric: orders.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: settings.lateAfterSeconds,
      evaluationPeriods: 3,
    });

    const fulfilOrder = new ServiceFunction(this, 'FulfilOrder', {
      config,
      topic,
      handlerFile: 'queue-processor/fulfil-order',
      description: 'Fulfils the orders of a batch, each once',
      timeout,
      memorySize: settings.memoryMegabytes,
      environment: {
        ORDERS_QUEUE_URL: orders.queueUrl,
        FULFILMENTS_TABLE_NAME: fulfilments.tableName,
        STOCK_TABLE_NAME: stock.tableName,
        FAILURE_REASONS_TABLE_NAME: failureReasons.tableName,
        PAYLOAD_BUCKET_NAME: payloads.bucket.bucketName,
        MAXIMUM_RECEIVES: String(settings.maxReceiveCount),
        BACKOFF_BASE_SECONDS: String(settings.backoff.baseSeconds),
        BACKOFF_CAP_SECONDS: String(settings.backoff.capSeconds),
        SAFETY_MARGIN_MILLISECONDS: String(settings.safetyMarginMilliseconds),
      },
    });
    const redriveDeadLetters = new ServiceFunction(this, 'RedriveDeadLetters', {
      config,
      topic,
      handlerFile: 'queue-processor/redrive-dead-letters',
      description: 'Sends dead letters back to the queue Orders',
      expectedErrors: 'malformed requests',
      // One call works for 20 seconds and returns its progress; the rest is for showing what it hid, and for slow responses.
      timeout: Duration.seconds(60),
      // Eight batches of ten messages at once, of a mebibyte each at most, received and sent as JSON.
      memorySize: 1_024,
      environment: {
        ORDERS_QUEUE_URL: orders.queueUrl,
        DEAD_LETTER_QUEUE_URL: deadLetters.queueUrl,
        FAILURE_REASONS_TABLE_NAME: failureReasons.tableName,
      },
    });

    // The event source mapping acts with the function's role; the function changes the visibility of failed messages.
    fulfilOrder.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], orders.queueArn);
    fulfilOrder.allow(['sqs:ChangeMessageVisibility'], orders.queueArn);
    fulfilOrder.allow(['dynamodb:PutItem'], fulfilments.tableArn, failureReasons.tableArn);
    fulfilOrder.allow(['dynamodb:UpdateItem'], stock.tableArn);
    fulfilOrder.allow(['s3:GetObject'], payloads.bucket.arnForObjects('*'));
    // Without it S3 responds 403 for a missing payload, which looks like a wrong policy.
    fulfilOrder.allow(['s3:ListBucket'], payloads.bucket.bucketArn);
    Validations.of(fulfilOrder.role).acknowledge({
      id: payloads.objectsFinding(''),
      reason: 'Claim checks may refer to any object of the payload bucket.',
    });
    // Created after the grants above: Lambda checks them when the mapping is created.
    const mapping = new EventSourceMapping(this, 'OrdersToFulfilOrder', {
      target: fulfilOrder.function,
      eventSourceArn: orders.queueArn,
      batchSize: settings.batchSize,
      maxConcurrency: settings.maximumConcurrency,
      reportBatchItemFailures: true,
      ...(settings.fifo ? {} : { maxBatchingWindow: batchingWindow }),
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason: 'Destinations are for streams: a failed message stays in the queue and goes to its dead-letter queue.',
    });
    for (const { function: target } of [fulfilOrder, redriveDeadLetters]) {
      Validations.of(target).acknowledge({
        id: 'Serverless::Serverless-LambdaDLQ',
        reason: 'It is never invoked asynchronously: its caller, the queue or the redrive command, sees each failure.',
      });
    }
    redriveDeadLetters.allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      deadLetters.queueArn,
    );
    redriveDeadLetters.allow(['sqs:SendMessage'], orders.queueArn);
    redriveDeadLetters.allow(['dynamodb:BatchGetItem'], failureReasons.tableArn);

    if (settings.dashboard ?? config.dashboards) {
      new FulfilmentDashboard(this, 'Overview', { orders, deadLetters, fulfilOrder: fulfilOrder.function });
    }

    new CfnOutput(this, 'OrdersQueueUrl', { value: orders.queueUrl });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: deadLetters.queueUrl });
    new CfnOutput(this, 'FulfilmentsTableName', { value: fulfilments.tableName });
    new CfnOutput(this, 'StockTableName', { value: stock.tableName });
    new CfnOutput(this, 'PayloadBucketName', { value: payloads.bucket.bucketName });
    new CfnOutput(this, 'FulfilOrderFunctionName', { value: fulfilOrder.function.functionName });
    new CfnOutput(this, 'RedriveFunctionName', { value: redriveDeadLetters.function.functionName });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}

/**
 * A FIFO queue whose message group is the customer.
 *
 * Its sender names a deduplication id: by content, SQS would swallow a claim check that is sent again once its payload has
 * been corrected. Ids hold within a group, so that customers do not share one limit of throughput.
 */
const perCustomer = {
  fifo: true,
  contentBasedDeduplication: false,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};
