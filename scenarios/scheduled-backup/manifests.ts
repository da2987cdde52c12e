import { GetObjectCommand } from '@aws-sdk/client-s3';
import { entrySchema, summarySchema, type Entry, type Summary } from '../../lambda/scheduled-backup/manifest';
import type { Deployment } from './deployment';
import { keysUnder } from './source-objects';

export interface Manifest {
  readonly summary: Summary;
  readonly entries: readonly Entry[];
}

/** The manifest of a day as it lies in the Backup bucket, with the entries under a prefix. */
export async function readManifest(from: Deployment, day: string, prefix: string): Promise<Manifest> {
  const summary = summarySchema.parse(JSON.parse(await text(from, `_manifests/${day}/summary.json`)));
  const entries: Entry[] = [];
  for (const part of await keysUnder(from.s3, from.backupBucket, summary.parts.prefix)) {
    for (const line of (await text(from, part)).split('\n')) {
      if (line !== '') entries.push(entrySchema.parse(JSON.parse(line)));
    }
  }
  return { summary, entries: entries.filter(({ key }) => key.startsWith(prefix)) };
}

async function text({ s3, backupBucket }: Deployment, key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: backupBucket, Key: key }));
  return (await Body?.transformToString()) ?? '';
}
