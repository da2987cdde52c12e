import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { patiently, type RetryPolicy } from '../retry-policy';
import type { Reading } from '../reading';

export interface Archive {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucketName: string;
  readonly retryPolicy: RetryPolicy;
}

/** Batch that readings came in: its name is the same whenever the batch is delivered again unchanged. */
export interface ArchivedBatch {
  readonly name: string;
  readonly arrivedAt: number;
}

const compress = promisify(gzip);

/**
 * Writes readings as compressed JSON Lines, one object for each hour in which they were taken; those that are too late for
 * their window go under `late/` by the hour of their arrival. A reading is there at least once. Needs `s3:PutObject`.
 */
export async function archiveReadings(
  archive: Archive,
  { name, arrivedAt }: ArchivedBatch,
  readings: readonly Reading[],
  late: readonly Reading[],
): Promise<void> {
  const objects = Map.groupBy(readings, ({ takenAt }) => `readings/${hourOf(takenAt)}/${name}.jsonl.gz`);
  if (late.length > 0) objects.set(`late/${hourOf(new Date(arrivedAt).toISOString())}/${name}.jsonl.gz`, [...late]);
  await Promise.all([...objects].map(([key, rows]) => writeObject(archive, key, rows)));
}

async function writeObject({ client, bucketName, retryPolicy }: Archive, Key: string, rows: readonly Reading[]) {
  const Body = await compress(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const put = { Bucket: bucketName, Key, Body, ContentType: 'application/x-ndjson', ContentEncoding: 'gzip' };
  await patiently(() => client.send(new PutObjectCommand(put), { abortSignal: retryPolicy.signal }), retryPolicy);
}

/** `2026/11/27/09` for a time in that hour. */
function hourOf(time: string): string {
  return time.slice(0, 13).replaceAll(/[-T]/g, '/');
}
