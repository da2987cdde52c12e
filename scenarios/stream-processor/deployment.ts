import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ScenarioRun } from '../shared/scenario';

/** Names of the deployed stack's resources, and clients. */
export interface Deployment {
  readonly dynamodb: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly streamName: string;
  readonly windowsTable: string;
  readonly accountsTable: string;
  readonly summariesTable: string;
  readonly archiveBucket: string;
  readonly failuresBucket: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly aggregateReadings: string;
  readonly projectChanges: string;
  readonly recordReading: string;
}

export function readDeployment(run: ScenarioRun): Deployment {
  return {
    dynamodb: new DynamoDBClient({}),
    // Its default handler speaks HTTP/2, which not every target does.
    kinesis: new KinesisClient({ requestHandler: new NodeHttpHandler({ requestTimeout: 10_000 }) }),
    lambda: new LambdaClient({}),
    s3: new S3Client({}),
    sqs: new SQSClient({}),
    streamName: run.output('ReadingsStreamName'),
    windowsTable: run.output('WindowsTableName'),
    accountsTable: run.output('AccountsTableName'),
    summariesTable: run.output('SummariesTableName'),
    archiveBucket: run.output('ArchiveBucketName'),
    failuresBucket: run.output('FailuresBucketName'),
    queueUrl: run.output('ReadingsQueueUrl'),
    deadLetterQueueUrl: run.output('DeadLetterQueueUrl'),
    aggregateReadings: run.output('AggregateReadingsFunctionName'),
    projectChanges: run.output('ProjectChangesFunctionName'),
    recordReading: run.output('RecordReadingFunctionName'),
  };
}
