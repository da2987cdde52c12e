import { CfnOutput, Duration, Size, Stack, Validations } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Architecture, EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { AccessLogBucket, PrivateBucket } from '../constructs/private-bucket';
import { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters';
import { RunbookAlarm } from '../constructs/runbook-alarm';
import { ServiceFunction } from '../constructs/service-function';
import { stackUniqueName } from '../constructs/stack-unique-name';
import { tableDefaults, textKey } from '../constructs/table-defaults';
import { BrowserImage } from './browser-image';
import { BrowserLayer } from './browser-layer';
import { browserFolder, browserVersion } from './browser-source';
import { browserMegabytes, type DocumentRendererSettings } from './document-renderer-settings';
import { LargeRenders, type LargeRendersProps } from './large-renders';
import { MountedBrowser } from './mounted-browser';
import { RendersDashboard } from './renders-dashboard';

/**
 * Renders documents from templates and data with Chromium, each once however often it is asked for. A request that cannot be
 * rendered waits in a queue with its reason and raises an alarm.
 *
 *     request -> Renders -> RenderDocument (Chromium) -> Documents, DocumentRendered event
 *                  |           |
 *                  |           +-> LargeRenders (a task on Fargate, by setting) -> Documents, event
 *                  |           ^ data: Input
 *                  |           | refused
 *                  +-----------+-> failures -> alarm
 */
export class DocumentRendererStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<DocumentRendererSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'Documents rendered by Chromium, each once (document-renderer)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { config });
    const input = new PrivateBucket(this, 'Input', { config, accessLogs });
    input.bucket.addLifecycleRule({ id: 'ForgetInput', expiration: Duration.days(settings.inputDays) });
    const documents = new PrivateBucket(this, 'Documents', { config, accessLogs });
    documents.bucket.addLifecycleRule({ id: 'ForgetDocuments', expiration: Duration.days(settings.documentDays) });
    const renders = new TableV2(this, 'RendersTable', {
      ...tableDefaults(config),
      partitionKey: textKey('renderHash'),
      timeToLiveAttribute: 'expiresAt',
    });

    const eventBus = new EventBus(this, 'Events', { eventBusName: stackUniqueName(this, 'Events') });

    const timeout = Duration.seconds(settings.timeoutSeconds);
    const { queue: requests, deadLetters: failures } = new QueueWithDeadLetters(this, 'Renders', {
      config,
      topic,
      runbook: 'failures',
      consumerTimeout: timeout,
      batchingWindow: Duration.seconds(0),
      maximumReceives: settings.maxReceiveCount,
      retentionPeriod: Duration.days(4),
    });
    new RunbookAlarm(this, 'RendersOld', {
      topic,
      runbook: 'renders-old',
      meaning: `The oldest request in Renders is ${settings.lateAfterSeconds} s old or older.`,
      metric: requests.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: settings.lateAfterSeconds,
      evaluationPeriods: 3,
    });

    const handlerFile = 'document-renderer/render-document';
    const mounted =
      settings.packaging === 's3-files'
        ? new MountedBrowser(this, 'Mounted', {
            ...{ config, topic, accessLogs },
            startsExecutions: settings.largeRenders === 'fargate',
          })
        : undefined;
    const withBrowser =
      settings.packaging === 'image'
        ? { image: new BrowserImage(this, 'Image', { config, handlerFile }).code }
        : (mounted?.placement ?? { layers: [new BrowserLayer(this, 'Chromium', { config, handlerFile }).layer] });
    const environment = {
      RENDERS_QUEUE_URL: requests.queueUrl,
      FAILURES_QUEUE_URL: failures.queueUrl,
      INPUT_BUCKET_NAME: input.bucket.bucketName,
      DOCUMENTS_BUCKET_NAME: documents.bucket.bucketName,
      EVENT_BUS_NAME: eventBus.eventBusName,
      RENDERS_TABLE_NAME: renders.tableName,
      CHROMIUM_FOLDER: browserFolder,
      ENGINE_VERSION: browserVersion,
      MAXIMUM_PAGES: String(settings.maximumPages),
      MAXIMUM_BYTES: String(settings.maximumBytes),
      MAXIMUM_DATA_BYTES: String(settings.maximumDataBytes),
      RENDER_SECONDS: String(settings.renderSeconds),
      BROWSER_MEGABYTES: String(browserMegabytes(settings.memoryMegabytes)),
      // A day before the objects expire, so that no item names a document that is gone.
      KEPT_SECONDS: String(Duration.days(settings.documentDays - 1).toSeconds()),
    };
    const renderDocument = new ServiceFunction(this, 'RenderDocument', {
      config,
      topic,
      handlerFile,
      description: 'Renders a document and stores it',
      // Chromium's package is built for x86-64 alone, whatever the app's setting.
      architecture: Architecture.X86_64,
      ...withBrowser,
      ephemeralStorageSize: Size.mebibytes(settings.ephemeralStorageMegabytes),
      expectedErrors: 'requests for a document that is being rendered',
      timeout,
      memorySize: settings.memoryMegabytes,
      environment: { ...environment, ...mounted?.environment },
    });
    mounted?.mountOn(renderDocument);
    Validations.of(renderDocument.function).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'It is never invoked asynchronously: the queue keeps each failed request.',
    });

    // The event source mapping acts with the function's role; the function changes the visibility of failed requests.
    renderDocument.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], requests.queueArn);
    renderDocument.allow(['sqs:ChangeMessageVisibility'], requests.queueArn);
    renderDocument.allow(['sqs:SendMessage'], failures.queueArn);
    const allowRendering: LargeRendersProps['allowRendering'] = (allow) => {
      allow(['dynamodb:UpdateItem', 'dynamodb:DeleteItem'], renders.tableArn);
      allow(['s3:GetObject'], input.bucket.arnForObjects('data/*'));
      allow(['s3:GetObject', 's3:PutObject'], documents.bucket.arnForObjects('documents/*'));
      // Without it S3 responds 403 for missing data, which looks like a wrong policy.
      allow(['s3:ListBucket'], input.bucket.bucketArn);
      allow(['events:PutEvents'], eventBus.eventBusArn);
    };
    allowRendering(renderDocument.allow.bind(renderDocument));
    Validations.of(renderDocument.role).acknowledge(
      { id: input.objectsFinding('data/'), reason: 'A request may name any data object.' },
      { id: documents.objectsFinding('documents/'), reason: 'Documents are named by their hash.' },
    );
    let largeRenders: LargeRenders | undefined;
    if (settings.largeRenders === 'fargate') {
      largeRenders = new LargeRenders(this, 'LargeRenders', {
        ...{ config, topic, settings, handlerFile, environment, input, documents, renders, failures, allowRendering },
      });
      const { stateMachineArn } = largeRenders.stateMachine.stateMachine;
      renderDocument.function.addEnvironment('LARGE_RENDERS_ARN', stateMachineArn);
      renderDocument.allow(['s3:PutObject'], input.bucket.arnForObjects('requests/*'));
      renderDocument.allow(['states:StartExecution'], stateMachineArn);
      Validations.of(renderDocument.role).acknowledge({
        id: input.objectsFinding('requests/'),
        reason: 'Requests are named by their messages.',
      });
      new CfnOutput(this, 'LargeRendersArn', { value: stateMachineArn });
      new CfnOutput(this, 'LargeRendersClusterName', { value: largeRenders.cluster.ref });
    }
    // Created after the grants above: Lambda checks them when the mapping is created.
    const mapping = new EventSourceMapping(this, 'RendersToRenderDocument', {
      target: renderDocument.function,
      eventSourceArn: requests.queueArn,
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency: settings.maximumConcurrency,
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason: 'Destinations are for streams: a failed message stays in the queue and goes to its dead-letter queue.',
    });

    if (settings.dashboard ?? config.dashboards) {
      new RendersDashboard(this, 'Overview', {
        ...{ requests, failures, renderDocument: renderDocument.function },
        ...(largeRenders === undefined ? {} : { largeRenders: largeRenders.stateMachine.stateMachine }),
      });
    }

    new CfnOutput(this, 'RendersQueueUrl', { value: requests.queueUrl });
    new CfnOutput(this, 'InputBucketName', { value: input.bucket.bucketName });
    new CfnOutput(this, 'DocumentsBucketName', { value: documents.bucket.bucketName });
    new CfnOutput(this, 'EventBusName', { value: eventBus.eventBusName });
    new CfnOutput(this, 'RendersTableName', { value: renders.tableName });
    new CfnOutput(this, 'FailuresQueueUrl', { value: failures.queueUrl });
    new CfnOutput(this, 'RenderDocumentFunctionName', { value: renderDocument.function.functionName });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
