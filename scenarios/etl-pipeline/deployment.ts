import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { ScenarioRun } from '../shared/scenario';

/** Deployed stack: names of its resources, and clients. */
export interface Deployment {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly stepFunctions: SFNClient;
  readonly incomingBucket: string;
  readonly curatedBucket: string;
  readonly rowsTable: string;
  readonly filesTable: string;
  readonly machine: string;
}

export function readDeployment(run: ScenarioRun): Deployment {
  return {
    s3: new S3Client({}),
    dynamodb: new DynamoDBClient({}),
    stepFunctions: new SFNClient({}),
    incomingBucket: run.output('IncomingBucketName'),
    curatedBucket: run.output('CuratedBucketName'),
    rowsTable: run.output('RowsTableName'),
    filesTable: run.output('FilesTableName'),
    machine: run.output('EtlStateMachineArn'),
  };
}
