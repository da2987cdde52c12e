import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetBucketNotificationConfigurationCommand,
  S3Client,
  type LambdaFunctionConfiguration,
} from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { variantsSchema, type Variant } from '../../lambda/image-resize/variants';
import type { ScenarioRun } from '../shared/scenario';

/** The deployed stack: its names, the clients to reach it, and the settings that its function runs with. */
export interface Deployment {
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly uploadBucket: string;
  readonly resizedBucket: string;
  readonly functionName: string;
  /** What a key in the upload bucket starts with where it is resized; empty where all are. */
  readonly inputPrefix: string;
  /** What stands before the key of every output. */
  readonly outputPrefix: string;
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
  const s3 = new S3Client({});
  const lambda = new LambdaClient({});
  const uploadBucket = run.output('UploadBucketName');
  const functionName = run.output('ResizeImageFunctionName');
  const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
  const notifications = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: uploadBucket }));
  const environment = configuration.Environment?.Variables ?? {};
  const setting = (name: string): string => {
    const value = environment[name];
    if (value === undefined)
      throw new Error(`function ${functionName} has no environment variable ${name}: deploy it again`);
    return value;
  };
  return {
    s3,
    lambda,
    sqs: new SQSClient({}),
    uploadBucket,
    resizedBucket: run.output('ResizedBucketName'),
    functionName,
    inputPrefix: notifiedPrefix(notifications.LambdaFunctionConfigurations ?? [], functionName),
    // The function takes a missing one for none too.
    outputPrefix: environment['OUTPUT_PREFIX'] ?? '',
    failuresQueueUrl: run.output('FailuresQueueUrl'),
    alarmTopicArn: run.output('AlarmTopicArn'),
    roleArn: configuration.Role ?? '',
    variants: variantsSchema.parse(JSON.parse(setting('VARIANTS'))),
    maximumBytes: Number(setting('MAXIMUM_BYTES')),
    maximumPixels: Number(setting('MAXIMUM_PIXELS')),
    cacheControl: setting('CACHE_CONTROL'),
  };
}

/**
 * The prefix that keys must start with for the function to be told of them.
 *
 * @throws Error where the function is told of none, or of several prefixes
 */
export function notifiedPrefix(
  configurations: readonly Pick<LambdaFunctionConfiguration, 'LambdaFunctionArn' | 'Filter'>[],
  functionName: string,
): string {
  const own = configurations.filter(({ LambdaFunctionArn }) => LambdaFunctionArn?.endsWith(`:${functionName}`));
  const prefixes = new Set(
    own.map(({ Filter }) => {
      const rules = Filter?.Key?.FilterRules ?? [];
      // S3 takes the name in lower case and gives it back with a capital.
      return rules.find(({ Name }) => Name?.toLowerCase() === 'prefix')?.Value ?? '';
    }),
  );
  const [prefix, another] = prefixes;
  if (prefix !== undefined && another === undefined) return prefix;
  const found = prefixes.size === 0 ? 'nothing' : `the prefixes ${[...prefixes].join(', ')}`;
  throw new Error(`function ${functionName} is notified of ${found}, not of one prefix: deploy the stack again`);
}
