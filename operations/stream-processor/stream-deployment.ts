import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, RequestTooLargeException } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { currentEntry } from '../../lambda/stream-processor/adapters/dynamodb-summaries';
import { readFailedBatch, type FailedBatch } from './failed-batch';
import type { ReplayAnswer } from './replay';

/** Longer than the longest timeout of a function: a client that gives up earlier would start a second invocation. */
const requestTimeout = 920_000;

/** Reads the failures of a deployed stack and invokes its functions. */
export class StreamDeployment {
  private readonly s3 = new S3Client({});
  private readonly lambda = new LambdaClient({ requestHandler: { requestTimeout }, maxAttempts: 1 });
  private readonly dynamodb = new DynamoDBClient({});

  constructor(private readonly output: (name: string) => string) {}

  /** Returns the failed batches, and the keys of objects that are none. */
  async failures(): Promise<{ batches: FailedBatch[]; unreadable: string[] }> {
    const Bucket = this.output('FailuresBucketName');
    const batches: FailedBatch[] = [];
    const unreadable: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.s3 }, { Bucket })) {
      for (const { Key = '' } of Contents) {
        const { Body } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
        const batch = readFailedBatch(Key, (await Body?.transformToString()) ?? '');
        if (batch === undefined) unreadable.push(Key);
        else batches.push(batch);
      }
    }
    return { batches, unreadable };
  }

  async remove(Key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: this.output('FailuresBucketName'), Key }));
  }

  async currentVersion(accountId: string): Promise<number | undefined> {
    const Key = { accountId: { S: accountId }, entry: { S: currentEntry } };
    const get = new GetItemCommand({ TableName: this.output('SummariesTableName'), Key, ConsistentRead: true });
    const { Item } = await this.dynamodb.send(get);
    return Item === undefined ? undefined : Number(Item['version']?.N);
  }

  async invoke(FunctionName: string, Records: readonly unknown[]): Promise<ReplayAnswer> {
    const invoke = new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify({ Records })) });
    const answered = await this.lambda.send(invoke).catch((error: unknown) => {
      if (error instanceof RequestTooLargeException) return undefined;
      throw error;
    });
    if (answered === undefined) return { failedAt: 0, error: 'larger than an invocation takes: look at it by hand' };
    const { Payload, FunctionError } = answered;
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null') as Answer | null;
    if (FunctionError !== undefined) {
      const { errorType = FunctionError, errorMessage = '' } = answer ?? {};
      return { failedAt: 0, error: `${errorType}: ${errorMessage}` };
    }
    const [failure] = answer?.batchItemFailures ?? [];
    if (failure === undefined) return { failedAt: undefined };
    const index = Records.findIndex((record) => sequenceNumberOf(record) === failure.itemIdentifier);
    return { failedAt: Math.max(0, index), error: "failed: see the function's log" };
  }
}

interface Answer {
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly batchItemFailures?: readonly { readonly itemIdentifier: string }[];
}

function sequenceNumberOf(record: unknown): string | undefined {
  const { kinesis, dynamodb } = record as {
    kinesis?: { sequenceNumber?: string };
    dynamodb?: { SequenceNumber?: string };
  };
  return kinesis?.sequenceNumber ?? dynamodb?.SequenceNumber;
}
