import { CfnOutput, Duration, Validations, type Stack } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { tickMinutes } from '../../lambda/etl-pipeline/extract';
import { incomingPrefix } from '../../lambda/etl-pipeline/s3-event';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import { RunbookAlarm } from '../constructs/runbook-alarm';
import { ServiceFunction } from '../constructs/service-function';
import { metricOf } from './etl-alarms';
import { allowListing, allowObjects, type EtlBuckets } from './etl-buckets';
import type { ExtractSettings } from './extract-settings';

export interface ApiExtractProps {
  readonly config: Config;
  readonly topic: ITopic;
  readonly buckets: EtlBuckets;
  readonly rows: TableV2;
  readonly extract: ExtractSettings;
  /** Prefix of the dataset below `incoming/`. */
  readonly prefix: string;
  readonly memoryMegabytes: number;
  /** Receives events of the schedule that failed for good; the redrive deletes them. */
  readonly deadLetters: Queue;
}

/** Adds the function that extracts records from an API, the secret of its token, its schedule and its alarm. */
export function addApiExtract(stack: Stack, props: ApiExtractProps): void {
  const { config, topic, buckets, rows, extract, deadLetters } = props;
  const { incoming, work } = buckets;
  const token = new Secret(stack, 'ApiToken', {
    description: 'Bearer token of the API, to be put in by a person',
    removalPolicy: dataRemovalPolicy(config),
  });
  Validations.of(token).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SMG4',
    reason: 'The API issues the token: whoever receives a new one puts it in, and the next invocation reads it.',
  });
  const folder = `${incomingPrefix}${props.prefix}`;
  const tick = Duration.minutes(tickMinutes);
  const extractFromApi = new ServiceFunction(stack, 'ExtractFromApi', {
    config,
    topic,
    handlerFile: 'etl-pipeline/extract-from-api',
    description: 'Extracts the records of an API into one file a run',
    // Less than the interval, so that the next invocation finds it ended.
    timeout: Duration.minutes(tickMinutes - 1),
    memorySize: props.memoryMegabytes,
    // A busy API is no error.
    errorThreshold: 1,
    environment: {
      API_URL: extract.url,
      API_SECRET_ARN: token.secretArn,
      API_PAGING: JSON.stringify(extract.paging),
      API_REQUESTS_PER_SECOND: String(extract.requestsPerSecond),
      EXTRACT_EVERY_HOURS: String(extract.everyHours),
      EXTRACT_PREFIX: folder,
      INCOMING_BUCKET_NAME: incoming.bucket.bucketName,
      WORK_BUCKET_NAME: work.bucket.bucketName,
      ROWS_TABLE_NAME: rows.tableName,
    },
    // The next event of the schedule continues.
    retryAttempts: 0,
    maxEventAge: tick,
    // CDK's SqsDestination grants three actions, and Lambda uses one.
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
  extractFromApi.allow(['sqs:SendMessage'], deadLetters.queueArn);
  extractFromApi.allow(['secretsmanager:GetSecretValue'], token.secretArn);
  allowListing(extractFromApi, work);
  allowObjects(extractFromApi, work, ['s3:GetObject', 's3:PutObject'], 'extracts/');
  allowObjects(extractFromApi, incoming, ['s3:PutObject'], `${folder}extract-`);
  new Rule(stack, 'EveryQuarterHour', {
    description: 'Begins an extract that is due, or goes on with one',
    schedule: Schedule.rate(tick),
    targets: [
      new LambdaFunction(extractFromApi.function, {
        deadLetterQueue: deadLetters,
        retryAttempts: 2,
        maxEventAge: tick,
      }),
    ],
  });
  const hours = extract.everyHours + 2;
  new RunbookAlarm(stack, 'ExtractMissed', {
    topic,
    runbook: 'extract-missed',
    meaning: `No extract was finished in ${hours} hours.`,
    metric: metricOf('ExtractedFiles', rows, { statistic: 'Sum', period: Duration.hours(1) }),
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    evaluationPeriods: hours,
    datapointsToAlarm: hours,
    // An hour without one is normal; this many in a row are not.
    treatMissingData: TreatMissingData.BREACHING,
  });
  new CfnOutput(stack, 'ExtractFunctionName', { value: extractFromApi.function.functionName });
  new CfnOutput(stack, 'ApiTokenSecretArn', { value: token.secretArn });
}
