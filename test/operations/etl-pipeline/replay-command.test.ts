import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { FilesDeployment } from '../../../operations/etl-pipeline/files-deployment';
import { explainFile } from '../../../operations/etl-pipeline/explain-command';
import { readOptions, replayAll } from '../../../operations/etl-pipeline/replay-command';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeS3 } from '../../fakes/fake-s3';

const ids = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(24));
const [failed, loaded, running, unknown] = ids as [string, string, string, string];

let started: unknown[];
let deployment: FilesDeployment;
let s3: FakeS3;

beforeEach(() => {
  started = [];
  const dynamodb = new FakeDynamoDB({ files: { partitionKey: 'fileId' } });
  for (const [fileId, status] of [
    [failed, 'failed'],
    [loaded, 'loaded'],
    [running, 'processing'],
  ] as const) {
    const texts = {
      fileId,
      status,
      bucket: 'in',
      key: `incoming/${status}`,
      versionId: 'v',
      dataset: 'products',
      execution: `arn:${status}`,
      reason: 'why',
    };
    dynamodb.put('files', Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }])));
  }
  s3 = new FakeS3({ curated: 'Enabled' });
  deployment = {
    dynamodb: new DynamoDBClient(dynamodb.clientConfig),
    s3: new S3Client(s3.clientConfig),
    sfn: {
      send: ({ input }: { input: { executionArn?: string; input?: string } }) => {
        if (input.executionArn !== undefined) {
          return Promise.resolve({ status: input.executionArn === 'arn:processing' ? 'RUNNING' : 'FAILED' });
        }
        started.push(JSON.parse(input.input ?? ''));
        return Promise.resolve({ executionArn: 'arn:new' });
      },
    },
    output: (name) =>
      ({ FilesTableName: 'files', CuratedBucketName: 'curated', EtlStateMachineArn: 'arn:machine' })[name] ?? '',
  };
});

it('a failed file is started again as the successor of its execution; others are refused, and do not keep it from it', async () => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  expect(await replayAll(deployment, [loaded, running, unknown, failed], { log, error: log })).toBe(1);
  expect(started).toEqual([
    {
      detail: { bucket: { name: 'in' }, object: { key: 'incoming/failed', 'version-id': 'v' } },
      replaces: 'arn:failed',
    },
  ]);
  expect(lines).toEqual([
    `${loaded} is loaded: there is nothing to replay`,
    `the execution of ${running} is running: wait for it, or stop it first`,
    `no file '${unknown}': check the id, or give another --stage`,
    `${failed}: execution arn:new`,
    '1 replayed, 3 refused',
  ]);
});

it.each([
  [[], 'give file ids, or --failed'],
  [['--failed', failed], 'give file ids, or --failed'],
  [['nonsense'], "received 'nonsense': a file id has 24 of 0-9 a-f"],
  [[failed, '--stage', 'qa'], "unknown --stage 'qa'"],
])('%j is wrong usage', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

it('options name the stack of the stage', () => {
  expect(readOptions([failed, '--stage', 'prod'])).toEqual({
    fileIds: [failed],
    failed: false,
    stack: 'EtlPipeline-prod',
    outputs: undefined,
  });
  expect(readOptions(['--failed'])).toMatchObject({ fileIds: [], failed: true, stack: 'EtlPipeline' });
});

it('the story of a file has its state, its counts and its first rejected rows', async () => {
  const counts = { rows: 10, loaded: 6, unchanged: 1, older: 1, rejected: 2, seconds: 3, generation: 1 };
  s3.put(
    'curated',
    `reports/products/${failed}.json`,
    JSON.stringify({ ...counts, rejectedBecause: { 'price: wrong': 2 }, quarantinedTo: 'quarantine/x' }),
  );
  const rejected = [2, 7].map((line) => JSON.stringify({ line, raw: `row, ${line}`, reasons: ['price: wrong'] }));
  s3.put('curated', `rejected/products/${failed}/part-1.jsonl`, rejected.join('\n'));
  expect(await explainFile(deployment, failed, 1)).toEqual([
    '"incoming/failed", version v, dataset products',
    'failed: why',
    'execution 1 (FAILED): arn:failed',
    'report of execution 1: 10 rows = 6 loaded + 1 unchanged + 1 older + 2 rejected, in 3 s',
    '  2 × price: wrong',
    'quarantined to "quarantine/x"',
    'rejected rows:',
    '  line 2: price: wrong: "row, 2"',
  ]);
  expect(await explainFile(deployment, running, 1)).toContain('no report yet');
  expect(await explainFile(deployment, unknown, 1)).toBeUndefined();
});
