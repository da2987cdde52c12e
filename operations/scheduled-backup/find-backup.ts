import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { manifestsPrefix, summaryKey, summarySchema, type Summary } from '../../lambda/scheduled-backup/manifest';
import { UsageError } from '../command-line/command';

/** Number of days in the error message. */
const listedDays = 10;

/**
 * Returns the summary of a day's backup.
 *
 * @throws UsageError if the day has none, with the newest days that have one
 */
export async function findBackup(client: Pick<S3Client, 'send'>, bucket: string, day: string): Promise<Summary> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: summaryKey(day) }));
    return summarySchema.parse(JSON.parse((await Body?.transformToString()) ?? ''));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NoSuchKey') throw error;
    const { CommonPrefixes = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: manifestsPrefix, Delimiter: '/' }),
    );
    const days = CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(manifestsPrefix.length, -1));
    const newest = days.sort().reverse().slice(0, listedDays).join(', ');
    throw new UsageError(
      `there is no backup of ${day}: ${newest === '' ? 'there are no backups' : `use one of ${newest}`}`,
    );
  }
}
