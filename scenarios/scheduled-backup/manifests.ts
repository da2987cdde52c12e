import { keysUnder } from '../shared/s3-keys';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { entrySchema, summarySchema, type Entry, type Summary } from '../../lambda/scheduled-backup/manifest';
import type { Deployment } from './deployment';

export interface Manifest {
  readonly summary: Summary;
  readonly entries: readonly Entry[];
}

/** Reads the manifest of a day, with the entries under a prefix. */
export async function readManifest(deployment: Deployment, day: string, prefix: string): Promise<Manifest> {
  const summary = summarySchema.parse(JSON.parse(await text(deployment, `_manifests/${day}/summary.json`)));
  const entries: Entry[] = [];
  for (const part of await keysUnder(deployment.s3, deployment.backupBucket, summary.parts.prefix)) {
    for (const line of (await text(deployment, part)).split('\n')) {
      if (line !== '') entries.push(entrySchema.parse(JSON.parse(line)));
    }
  }
  return { summary, entries: entries.filter(({ key }) => key.startsWith(prefix)) };
}

async function text({ s3, backupBucket }: Deployment, key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: backupBucket, Key: key }));
  return (await Body?.transformToString()) ?? '';
}
