import {
  GetObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { fileIdOf } from '../../lambda/etl-pipeline/file';
import type { Report } from '../../lambda/etl-pipeline/report';
import type { RejectedRow } from '../../lambda/etl-pipeline/transformation';
import { removeVersions } from '../shared/s3-keys';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';

/** Uploaded version of a file. */
export interface Upload {
  readonly fileId: string;
  readonly key: string;
  readonly versionId: string;
}

/** Uploads a file of products; what becomes of it is removed when the check ends. */
export async function upload(
  run: ScenarioRun,
  deployment: Deployment,
  name: string,
  body: string | Buffer,
  more: Pick<PutObjectCommandInput, 'StorageClass'> = {},
): Promise<Upload> {
  const { s3, incomingBucket } = deployment;
  const key = `incoming/products/${run.runId}/${name}`;
  const { VersionId = '' } = await s3.send(
    new PutObjectCommand({ Bucket: incomingBucket, Key: key, Body: Buffer.from(body), ...more }),
  );
  return removeLater(run, deployment, { key, versionId: VersionId }, 'products');
}

/** Removes a file, and what became of it, when the check ends. */
export function removeLater(
  run: ScenarioRun,
  { s3, incomingBucket, curatedBucket }: Deployment,
  { key, versionId }: Omit<Upload, 'fileId'>,
  dataset: string,
): Upload {
  const fileId = fileIdOf(incomingBucket, key, versionId);
  run.cleanUp(`the file ${key}`, async () => {
    await removeVersions(s3, incomingBucket, key);
    await removeVersions(s3, incomingBucket, `quarantine/${dataset}/${fileId}/`);
    await removeVersions(s3, curatedBucket, `reports/${dataset}/${fileId}.json`);
    await removeVersions(s3, curatedBucket, `rejected/${dataset}/${fileId}/`);
    for (const key of await curatedKeys(s3, curatedBucket, fileId, dataset))
      await removeVersions(s3, curatedBucket, key);
  });
  return { fileId, key, versionId };
}

/** Keys of a file's Parquet files; the day is that of its upload. */
export async function curatedKeys(
  s3: S3Client,
  Bucket: string,
  fileId: string,
  dataset = 'products',
): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket, Prefix: `curated/${dataset}/` },
  )) {
    keys.push(...Contents.flatMap(({ Key = '' }) => (Key.includes(`/${fileId}-`) ? Key : [])));
  }
  return keys;
}

/** Starts an execution with the event of an upload, as EventBridge does; returns its ARN. */
export async function deliver(
  { stepFunctions, machine, incomingBucket }: Deployment,
  { key, versionId }: Upload,
  more: object = {},
): Promise<string> {
  const object = { key, 'version-id': versionId, sequencer: '00' };
  const input = JSON.stringify({ detail: { bucket: { name: incomingBucket }, object }, ...more });
  const started = await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: machine, input }));
  return started.executionArn ?? '';
}

/** Waits for the report of a file. */
export async function waitForReport(
  run: ScenarioRun,
  { s3, curatedBucket }: Deployment,
  { fileId, key }: Upload,
  { dataset = 'products', generation = 1, withinSeconds = 900 } = {},
): Promise<Report> {
  return run.eventually(
    `the report of ${key.split('/').at(-1) ?? key}`,
    async () => {
      const text = await readObject(s3, curatedBucket, `reports/${dataset}/${fileId}.json`);
      const report = text === undefined ? undefined : (JSON.parse(text) as Report);
      return report !== undefined && report.generation >= generation ? report : undefined;
    },
    { withinSeconds, everyMilliseconds: 500 },
  );
}

/** Every rejected row of a file, in the order of lines. */
export async function readRejected(
  { s3, curatedBucket }: Deployment,
  { fileId }: Upload,
  dataset = 'products',
): Promise<RejectedRow[]> {
  const Prefix = `rejected/${dataset}/${fileId}/`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: curatedBucket, Prefix }));
  const texts = await Promise.all(Contents.map(({ Key = '' }) => readObject(s3, curatedBucket, Key)));
  const lines = texts.flatMap((text) => (text ?? '').split('\n').filter((line) => line !== ''));
  return lines.map((line) => JSON.parse(line) as RejectedRow).sort((one, other) => one.line - other.line);
}

async function readObject(s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}
