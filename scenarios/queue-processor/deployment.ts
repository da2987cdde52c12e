import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { ScenarioRun } from '../shared/scenario';

/** Longest duration of the redrive function is 60 seconds. */
const requestTimeout = 90_000;

/** Names of the deployed stack's resources, and clients. */
export interface Deployment {
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly ordersQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly isFifo: boolean;
  readonly fulfilmentsTable: string;
  readonly stockTable: string;
  /** Not an output of the stack: only its functions and the clean-up need it. */
  readonly failureReasonsTable: string;
  readonly payloadBucket: string;
  readonly functionName: string;
  readonly redriveFunctionName: string;
  readonly alarmTopicArn: string;
}

export async function readDeployment(run: ScenarioRun): Promise<Deployment> {
  const lambda = new LambdaClient({ requestHandler: { requestTimeout } });
  const functionName = run.output('FulfilOrderFunctionName');
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
  const failureReasonsTable = Environment?.Variables?.['FAILURE_REASONS_TABLE_NAME'];
  if (failureReasonsTable === undefined)
    throw new Error(`function ${functionName} has no FAILURE_REASONS_TABLE_NAME: deploy it again`);
  const ordersQueueUrl = run.output('OrdersQueueUrl');
  return {
    dynamodb: new DynamoDBClient({}),
    lambda,
    s3: new S3Client({}),
    sqs: new SQSClient({}),
    ordersQueueUrl,
    deadLetterQueueUrl: run.output('DeadLetterQueueUrl'),
    isFifo: ordersQueueUrl.endsWith('.fifo'),
    fulfilmentsTable: run.output('FulfilmentsTableName'),
    stockTable: run.output('StockTableName'),
    failureReasonsTable,
    payloadBucket: run.output('PayloadBucketName'),
    functionName,
    redriveFunctionName: run.output('RedriveFunctionName'),
    alarmTopicArn: run.output('AlarmTopicArn'),
  };
}
