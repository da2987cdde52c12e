import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { stackName } from '../../lib/stack-name';
import { parseOptions, UsageError } from '../command-line/command';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';
import { findUploads, recordUnseen, type ApiData, type Finding } from './arrived-uploads';

const help = `Lists content whose document does not know that it has arrived, and repairs that.

  npm run ops -- rest-api uploads [options]

  --repair          makes the documents available
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them; read from CloudFormation by default

Content without a document, and of another size than promised, is listed and stays as it is. Safe to run at any time.
Endpoint, region and credentials come from the environment. Exit code: 0 nothing left to do, 1 something is, 2 wrong usage.`;

export interface UploadsOptions {
  readonly stack: string;
  readonly outputs: string | undefined;
  readonly repair: boolean;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): UploadsOptions | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      repair: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': options begin with --`);
  return { stack: stackName('RestApi', stageOf(values.stage)), outputs: values.outputs, repair: values.repair };
}

const meanings: Readonly<Record<Exclude<Finding, 'known'>, string>> = {
  unseen: 'has arrived, and its document waits for it',
  'other-size': 'is of another size than its document promises: look at who writes to the bucket',
  'no-document': 'has no document: delete it if it is older than a day',
};

/** Lists and repairs; returns the number of objects that are left to look at. */
export async function listUploads(data: ApiData, repair: boolean, say: (line: string) => void): Promise<number> {
  let left = 0;
  for await (const upload of findUploads(data)) {
    const { key, finding } = upload;
    if (finding === 'known') continue;
    if (finding === 'unseen' && repair) {
      const outcome = await recordUnseen(data, upload);
      say(`${key}: ${outcome === 'no-document' ? 'its document was deleted meanwhile' : 'its document is available'}`);
      continue;
    }
    left += 1;
    say(`${key} ${meanings[finding]}`);
  }
  return left;
}

/** Returns the exit code. */
export async function runUploads(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { stack, repair } = options;
  const outputs = await outputsOf(stack, options.outputs);
  const data = {
    dynamodb: new DynamoDBClient({}),
    s3: new S3Client({}),
    tableName: requiredOutput(outputs, stack, 'DocumentsTableName'),
    bucketName: requiredOutput(outputs, stack, 'UploadsBucketName'),
    now: () => new Date(),
  };
  const left = await listUploads(data, repair, (line) => console.log(line));
  console.log(`${left} left to look at`);
  return left === 0 ? 0 : 1;
}
