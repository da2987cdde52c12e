import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { writesValues } from '../../lambda/rest-api/adapters/ssm-writes';
import type { ArchitectureProps, Config } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { FailureQueue } from '../constructs/failure-queue';
import { ServiceFunction } from '../constructs/service-function';
import { tableDefaults, textKey } from '../constructs/table-defaults';
import { ApiAlarms } from './api-alarms';
import { ApiDashboard } from './api-dashboard';
import { ApiWebAcl } from './api-web-acl';
import { DocumentStore } from './document-store';
import { DocumentUsers } from './document-users';
import { DocumentsApi } from './documents-api';
import { LiveAlias } from './live-alias';
import type { RestApiSettings } from './rest-api-settings';

/**
 * Serves documents to their owners over HTTP; content goes to and from S3 by links, past the 6 MB of a function.
 *
 *     client -> API Gateway (token, API key, validation, throttling) -> ServeDocuments -> Documents table
 *                                                                            +-> links for upload and download
 *     upload -> Uploads bucket -> s3:ObjectCreated -> RecordUpload -> Documents table
 *                                                         | on failure, after retries
 *                                                         +-> Failures queue -> alarm
 */
export class RestApiStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<RestApiSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'Documents over HTTP (rest-api)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const { pool, client, machineClients, tokenUrl } = new DocumentUsers(this, 'Users', {
      config,
      machineClients: settings.machineClients,
    });
    const store = new DocumentStore(this, 'Store', { config, corsOrigins: settings.corsOrigins });
    const { documents, idempotencyKeys, uploads, cursorKey } = store;
    // An operator changes it without a deployment, and a deployment leaves it as it is while nothing changes here.
    const writes = new StringParameter(this, 'Writes', {
      // For people; the stacks of two stages have different names.
      parameterName: `/${this.stackName}/writes`,
      description: `Whether the documents API takes writes: ${writesValues.join(' or ')}`,
      stringValue: writesValues[0],
      allowedPattern: `^(${writesValues.join('|')})$`,
    });
    const limiter = settings.callerLimit && addLimiter(this, config, settings.callerLimit);
    const failures = new FailureQueue(this, 'Failures', { config, topic, runbook: 'failures' });
    const common = { config, topic, memorySize: settings.memoryMegabytes };
    const environment = { DOCUMENTS_TABLE_NAME: documents.tableName };

    const serveDocuments = new ServiceFunction(this, 'ServeDocuments', {
      ...common,
      handlerFile: 'rest-api/serve-documents',
      description: 'Answers the requests of the documents API',
      timeout: Duration.seconds(settings.timeoutSeconds),
      environment: {
        ...environment,
        IDEMPOTENCY_KEYS_TABLE_NAME: idempotencyKeys.tableName,
        UPLOADS_BUCKET_NAME: uploads.bucket.bucketName,
        CURSOR_SECRET_ARN: cursorKey.secretArn,
        USER_POOL_CLIENT_IDS: [client, ...machineClients].map(({ userPoolClientId }) => userPoolClientId).join(','),
        UPLOAD_HOURS: String(settings.uploadHours),
        WRITES_PARAMETER_NAME: writes.parameterName,
        WRITES_CACHE_SECONDS: String(settings.writesCacheSeconds),
        ...limiter?.environment,
        ...(settings.corsOrigins.length === 0 ? {} : { CORS_ORIGINS: settings.corsOrigins.join(',') }),
      },
    });
    Validations.of(serveDocuments.function).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'It is not invoked asynchronously: the caller waits and receives each error.',
    });
    const recordUpload = new ServiceFunction(this, 'RecordUpload', {
      ...common,
      memorySize: 256,
      handlerFile: 'rest-api/record-upload',
      description: 'Makes documents available whose content has arrived',
      timeout: Duration.seconds(30),
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      // A destination of our own: SqsDestination grants three actions, Lambda uses one.
      onFailure: { bind: () => ({ destination: failures.queue.queueArn }) },
      environment,
    });
    const { provisionedConcurrency, canary } = settings;
    const live =
      provisionedConcurrency === undefined && !canary
        ? undefined
        : new LiveAlias(this, 'Live', { function: serveDocuments.function, provisionedConcurrency });
    const hasDashboard = settings.dashboard ?? config.dashboards;
    const { api, apiKey } = new DocumentsApi(this, 'Gateway', {
      config,
      settings,
      userPool: pool,
      // The cast: exactOptionalPropertyTypes finds Alias's optional members unlike IFunction's.
      handler: (live?.alias as IFunction | undefined) ?? serveDocuments.function,
      metricsByRoute: hasDashboard,
    });
    if (hasDashboard) new ApiDashboard(this, 'Dashboard', { api, serveDocuments: serveDocuments.function });
    if (settings.webAcl) new ApiWebAcl(this, 'Filter', { api });
    const { serverErrors } = new ApiAlarms(this, 'ApiAlarms', {
      topic,
      api,
      latencyMilliseconds: settings.latencyAlarmMilliseconds,
    });
    if (canary) live?.addCanary(serverErrors);

    const objects = uploads.bucket.arnForObjects('documents/*');
    serveDocuments.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:Query'],
      documents.tableArn,
    );
    // Written in one transaction with the document, which DynamoDB authorizes as a put of each.
    serveDocuments.allow(['dynamodb:PutItem'], idempotencyKeys.tableArn);
    // Those that use a link act as the function that has signed it.
    serveDocuments.allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], objects);
    serveDocuments.allow(['secretsmanager:GetSecretValue'], cursorKey.secretArn);
    serveDocuments.allow(['ssm:GetParameter'], writes.parameterArn);
    if (limiter !== undefined) serveDocuments.allow(['dynamodb:UpdateItem'], limiter.table.tableArn);
    recordUpload.allow(['dynamodb:UpdateItem'], documents.tableArn);
    recordUpload.allow(['sqs:SendMessage'], failures.queue.queueArn);
    // A policy of its own, since the role's default policy must exist before the function and the function before the bucket.
    const removeOrphans = new Policy(this, 'RecordUploadContent', {
      roles: [recordUpload.role],
      statements: [new PolicyStatement({ actions: ['s3:DeleteObject'], resources: [objects] })],
    });
    const finding = { id: uploads.objectsFinding('documents/'), reason: 'Documents of any owner are served.' };
    Validations.of(serveDocuments.role).acknowledge(finding);
    Validations.of(removeOrphans).acknowledge(finding);
    store.notify(recordUpload.function);

    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, 'ApiKeyId', { value: apiKey.keyId });
    new CfnOutput(this, 'UserPoolId', { value: pool.userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: client.userPoolClientId });
    if (tokenUrl !== undefined) {
      new CfnOutput(this, 'TokenUrl', { value: tokenUrl });
      const ids = machineClients.map(({ userPoolClientId }) => userPoolClientId);
      new CfnOutput(this, 'MachineClientIds', { value: ids.join(','), description: 'In the order of the setting' });
    }
    new CfnOutput(this, 'DocumentsTableName', { value: documents.tableName });
    new CfnOutput(this, 'UploadsBucketName', { value: uploads.bucket.bucketName });
    new CfnOutput(this, 'WritesParameterName', { value: writes.parameterName });
    new CfnOutput(this, 'ServeDocumentsFunctionName', { value: serveDocuments.function.functionName });
    new CfnOutput(this, 'FailuresQueueUrl', { value: failures.queue.queueUrl });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}

/** Table of the exact limit for each caller, and what the function has to know of it. */
function addLimiter(
  stack: Stack,
  config: Config,
  { requestsPerSecond, burst }: NonNullable<RestApiSettings['callerLimit']>,
): { readonly table: TableV2; readonly environment: Record<string, string> } {
  const table = new TableV2(stack, 'RateLimits', {
    ...tableDefaults(config),
    partitionKey: textKey('caller'),
    timeToLiveAttribute: 'expiresAt',
  });
  const environment = {
    RATE_LIMITS_TABLE_NAME: table.tableName,
    CALLER_REQUESTS_PER_SECOND: String(requestsPerSecond),
    CALLER_BURST: String(burst),
  };
  return { table, environment };
}
