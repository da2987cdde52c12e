import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetBucketNotificationConfigurationCommand,
  S3Client,
  type LambdaFunctionConfiguration,
} from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { variantsSchema, type Variant } from '../../lambda/image-resize/variants';
import type { ScenarioRun } from '../shared/scenario';

/** The deployed stack: its resource names, SDK clients, and the settings of its function. */
export interface Deployment {
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly uploadBucket: string;
  readonly resizedBucket: string;
  readonly functionName: string;
  /** Prefix of the keys that are resized; empty where all are. */
  readonly inputPrefix: string;
  /** Prefix of the key of every output. */
  readonly outputPrefix: string;
  readonly failuresQueueUrl: string;
  readonly notFoundQueueUrl: string;
  readonly alarmTopicArn: string;
  readonly roleArn: string;
  readonly variants: readonly Variant[];
  readonly maximumBytes: number;
  readonly maximumPixels: number;
  readonly cacheControl: string;
}

/** Reads the function's settings as deployed, so that a stack is proved against its own variants. */
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
    // The function too takes a missing one for an empty one.
    outputPrefix: environment['OUTPUT_PREFIX'] ?? '',
    failuresQueueUrl: run.output('FailuresQueueUrl'),
    notFoundQueueUrl: run.output('NotFoundQueueUrl'),
    alarmTopicArn: run.output('AlarmTopicArn'),
    roleArn: configuration.Role ?? '',
    variants: variantsSchema.parse(JSON.parse(setting('VARIANTS'))),
    maximumBytes: Number(setting('MAXIMUM_BYTES')),
    maximumPixels: Number(setting('MAXIMUM_PIXELS')),
    cacheControl: setting('CACHE_CONTROL'),
  };
}

/**
 * Returns the prefix of the keys that the function is notified of.
 *
 * @throws Error where the function is notified of no prefix, or of several
 */
export function notifiedPrefix(
  configurations: readonly Pick<LambdaFunctionConfiguration, 'LambdaFunctionArn' | 'Filter'>[],
  functionName: string,
): string {
  const own = configurations.filter(({ LambdaFunctionArn }) => LambdaFunctionArn?.endsWith(`:${functionName}`));
  const prefixes = new Set(
    own.map(({ Filter }) => {
      const rules = Filter?.Key?.FilterRules ?? [];
      // S3 accepts the name in lower case and returns it with a capital.
      return rules.find(({ Name }) => Name?.toLowerCase() === 'prefix')?.Value ?? '';
    }),
  );
  const [prefix, another] = prefixes;
  if (prefix !== undefined && another === undefined) return prefix;
  const found = prefixes.size === 0 ? 'none' : [...prefixes].join(', ');
  throw new Error(`expected notifications of one prefix to ${functionName}, got ${found}: deploy the stack again`);
}
