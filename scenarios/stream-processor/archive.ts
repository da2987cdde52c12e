import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { gunzipSync } from 'node:zlib';
import type { Reading } from '../../lambda/stream-processor/reading';
import type { Deployment } from './deployment';

/** Reads archived readings of devices whose ids begin with a prefix, as `device/reading`, with each repetition. */
export async function readArchive(
  { s3, archiveBucket }: Deployment,
  folder: 'readings' | 'late',
  devicePrefix: string,
): Promise<string[]> {
  const found: string[] = [];
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: archiveBucket, Prefix: `${folder}/` });
  for await (const { Contents = [] } of pages) {
    for (const { Key = '' } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: archiveBucket, Key }));
      const lines = gunzipSync((await Body?.transformToByteArray()) ?? Buffer.alloc(0))
        .toString()
        .trimEnd()
        .split('\n');
      const readings = lines.map((line) => JSON.parse(line) as Reading);
      const mine = readings.filter(({ deviceId }) => deviceId.startsWith(devicePrefix));
      found.push(...mine.map(({ deviceId, readingId }) => `${deviceId}/${readingId}`));
    }
  }
  return found;
}
