import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { variantsSchema, type Variant } from '../../lambda/image-resize/variants';
import type { ScenarioRun } from '../scenario';

/** The deployed stack: its names, the clients to reach it, and the settings that its function runs with. */
export interface Deployment {
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly uploadBucket: string;
  readonly resizedBucket: string;
  readonly functionName: string;
  readonly failuresQueueUrl: string;
  readonly alarmTopicArn: string;
  readonly roleArn: string;
  readonly variants: readonly Variant[];
  readonly maximumBytes: number;
  readonly maximumPixels: number;
  readonly cacheControl: string;
}

/** Reads the function's settings as deployed, so that a stack with variants of its own is proved against those. */
export async function readDeployment(run: ScenarioRun): Promise<Deployment> {
  const lambda = new LambdaClient({});
  const functionName = run.output('ResizeImageFunctionName');
  const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
  const environment = configuration.Environment?.Variables ?? {};
  const setting = (name: string): string => {
    const value = environment[name];
    if (value === undefined)
      throw new Error(`function ${functionName} has no environment variable ${name}: deploy it again`);
    return value;
  };
  return {
    s3: new S3Client({}),
    lambda,
    sqs: new SQSClient({}),
    uploadBucket: run.output('UploadBucketName'),
    resizedBucket: run.output('ResizedBucketName'),
    functionName,
    failuresQueueUrl: run.output('FailuresQueueUrl'),
    alarmTopicArn: run.output('AlarmTopicArn'),
    roleArn: configuration.Role ?? '',
    variants: variantsSchema.parse(JSON.parse(setting('VARIANTS'))),
    maximumBytes: Number(setting('MAXIMUM_BYTES')),
    maximumPixels: Number(setting('MAXIMUM_PIXELS')),
    cacheControl: setting('CACHE_CONTROL'),
  };
}
