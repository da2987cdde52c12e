import { Duration, Validations, type Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { incomingPrefix } from '../../lambda/etl-pipeline/s3-event';
import type { Config } from '../config';
import { ServiceFunction } from '../constructs/service-function';
import { allowListing, allowObjects, type EtlBuckets } from './etl-buckets';
import type { EtlSteps } from './etl-definition';
import type { EtlPipelineSettings } from './etl-pipeline-settings';

export interface EtlFunctionsProps {
  readonly config: Config;
  readonly settings: EtlPipelineSettings;
  readonly topic: ITopic;
  readonly buckets: EtlBuckets;
  readonly files: TableV2;
  readonly rows: TableV2;
}

const workFiles = 'files/';
const reading = ['s3:GetObject', 's3:GetObjectVersion'];

/** Adds the functions of the state machine, each with exactly the permissions that it needs. */
export function addEtlSteps(stack: Stack, props: EtlFunctionsProps): EtlSteps {
  const { settings, buckets, files, rows } = props;
  const { incoming, work, curated } = buckets;
  const step = stepMaker(stack, props);
  const filesTable = { FILES_TABLE_NAME: files.tableName };
  const rowsTable = { ROWS_TABLE_NAME: rows.tableName };
  const workBucket = { WORK_BUCKET_NAME: work.bucket.bucketName };
  const curatedBucket = { CURATED_BUCKET_NAME: curated.bucket.bucketName };
  const limits = {
    MAXIMUM_FILE_BYTES: String(Math.floor(settings.maximumFileGigabytes * 1_024 ** 3)),
    MAXIMUM_RECORD_BYTES: String(settings.maximumRecordKilobytes * 1_024),
  };
  const chunkBytes = { CHUNK_BYTES: String(settings.chunkKilobytes * 1_024) };

  const claimFile = step('ClaimFile', 'claim-file', 'Claims an uploaded file once', filesTable);
  allowListing(claimFile, incoming);
  allowObjects(claimFile, incoming, reading, incomingPrefix);
  claimFile.allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], files.tableArn);

  const inspectFile = step('InspectFile', 'inspect-file', 'Finds the format of a file and checks its header', limits);
  allowListing(inspectFile, incoming);
  allowObjects(inspectFile, incoming, ['s3:GetObjectVersion'], incomingPrefix);

  const splitFile = step('SplitFile', 'split-file', 'Cuts a file into chunks of rows', {
    ...workBucket,
    ...limits,
    ...chunkBytes,
  });
  allowListing(splitFile, incoming, work);
  allowObjects(splitFile, incoming, ['s3:GetObjectVersion'], incomingPrefix);
  allowObjects(splitFile, work, ['s3:GetObject', 's3:PutObject'], workFiles);

  const transformChunk = step('TransformChunk', 'transform-chunk', 'Checks and converts the rows of a chunk', {
    ...workBucket,
    ...curatedBucket,
  });
  allowObjects(transformChunk, work, ['s3:GetObject', 's3:PutObject'], workFiles);
  allowObjects(transformChunk, curated, ['s3:PutObject'], 'rejected/');

  const decideFile = step('DecideFile', 'decide-file', 'Decides whether a file is loaded or quarantined', workBucket);
  allowListing(decideFile, work);
  allowObjects(decideFile, work, ['s3:GetObject'], workFiles);

  const loadChunk = step(
    'LoadChunk',
    'load-chunk',
    'Loads the rows of a chunk',
    { ...workBucket, ...curatedBucket, ...rowsTable, ROWS_AT_ONCE: String(settings.rowsAtOnce) },
    'throttled requests',
  );
  allowListing(loadChunk, work);
  allowObjects(loadChunk, work, ['s3:GetObject', 's3:PutObject'], workFiles);
  allowObjects(loadChunk, curated, ['s3:PutObject'], 'curated/');
  loadChunk.allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], rows.tableArn);

  const reportFile = step('ReportFile', 'report-file', 'Writes the report of a file, however it ended', {
    ...workBucket,
    ...curatedBucket,
    ...filesTable,
    ...rowsTable,
  });
  allowListing(reportFile, incoming, work);
  allowObjects(reportFile, work, ['s3:GetObject'], workFiles);
  allowObjects(reportFile, curated, ['s3:PutObject'], 'reports/');
  // No permissions for tags and annotations: the copy has none.
  allowObjects(reportFile, incoming, ['s3:GetObjectVersion'], incomingPrefix);
  allowObjects(reportFile, incoming, ['s3:PutObject'], 'quarantine/');
  reportFile.allow(['dynamodb:UpdateItem'], files.tableArn);
  return { claimFile, inspectFile, splitFile, transformChunk, decideFile, loadChunk, reportFile };
}

function stepMaker(stack: Stack, { config, topic, settings }: EtlFunctionsProps) {
  return (
    id: string,
    file: string,
    description: string,
    more: Record<string, string>,
    expectedErrors?: string,
  ): ServiceFunction => {
    const made = new ServiceFunction(stack, id, {
      config,
      topic,
      runbook: 'step',
      handlerFile: `etl-pipeline/${file}`,
      description,
      // Lambda's maximum; longer work continues in the next invocation.
      timeout: Duration.minutes(15),
      memorySize: settings.memoryMegabytes,
      environment: more,
      ...(expectedErrors === undefined ? {} : { expectedErrors }),
    });
    Validations.of(made.function).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'A state machine invokes it, waits for the result, retries failures, and reports the last one.',
    });
    return made;
  };
}
