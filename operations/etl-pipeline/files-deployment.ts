import { DynamoDBClient, GetItemCommand, paginateQuery, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { FileStatus } from '../../lambda/etl-pipeline/adapters/dynamodb-files';
import { watchedIndexName } from '../../lambda/etl-pipeline/file';
import { requiredOutput, type Outputs } from '../command-line/stack-outputs';

/** Clients and outputs of a deployed stack. */
export interface FilesDeployment {
  readonly dynamodb: DynamoDBClient;
  readonly s3: Pick<S3Client, 'send'>;
  readonly sfn: Pick<SFNClient, 'send'>;
  /** @throws UsageError that names the output which the stack does not have */
  readonly output: (name: string) => string;
}

export function createDeployment(outputs: Outputs, stack: string): FilesDeployment {
  return {
    dynamodb: new DynamoDBClient({}),
    s3: new S3Client({}),
    sfn: new SFNClient({}),
    output: (name) => requiredOutput(outputs, stack, name),
  };
}

/** File as the Files table has it. */
export interface FileRecord {
  readonly fileId: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly dataset: string;
  readonly status: FileStatus;
  readonly reason: string | undefined;
  readonly execution: string;
  readonly generation: number;
}

/** Returns undefined if there is no such file. */
export async function readFile(
  { dynamodb, output }: Pick<FilesDeployment, 'dynamodb' | 'output'>,
  fileId: string,
): Promise<FileRecord | undefined> {
  const TableName = output('FilesTableName');
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName, Key: { fileId: { S: fileId } }, ConsistentRead: true }),
  );
  return Item === undefined ? undefined : toRecord(Item);
}

/** Ids of the files that have reached no end, or have failed; the one that has waited longest first. */
export async function* listOpenFiles({
  dynamodb,
  output,
}: Pick<FilesDeployment, 'dynamodb' | 'output'>): AsyncGenerator<string> {
  const pages = paginateQuery(
    { client: dynamodb },
    {
      TableName: output('FilesTableName'),
      IndexName: watchedIndexName,
      KeyConditionExpression: 'watch = :open',
      ExpressionAttributeValues: { ':open': { S: 'open' } },
    },
  );
  for await (const { Items = [] } of pages) for (const item of Items) yield item['fileId']?.S ?? '';
}

/** Status of an execution, or undefined if it ended more than 90 days ago. */
export async function executionStatus(
  { sfn }: Pick<FilesDeployment, 'sfn'>,
  executionArn: string,
): Promise<string | undefined> {
  try {
    return (await sfn.send(new DescribeExecutionCommand({ executionArn }))).status;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
}

function toRecord(item: Readonly<Record<string, AttributeValue>>): FileRecord {
  const text = (name: string): string => item[name]?.S ?? '';
  return {
    fileId: text('fileId'),
    bucket: text('bucket'),
    key: text('key'),
    versionId: text('versionId'),
    dataset: text('dataset'),
    status: text('status') as FileStatus,
    reason: item['reason']?.S,
    execution: text('execution'),
    generation: Number(item['generation']?.N ?? 1),
  };
}
