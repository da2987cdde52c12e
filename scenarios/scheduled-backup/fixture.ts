import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { ScenarioRun } from '../shared/scenario';
import { cleanUpBackups } from './clean-up';
import { pastDays, readDeployment, type Deployment } from './deployment';
import { putAll, randomObject, type SourceObject } from './source-objects';

/** Stack, key prefix and days of a check. */
export interface Fixture {
  readonly deployment: Deployment;
  /** Prefix of every key of the check. */
  readonly prefix: string;
  /** First of the days. */
  readonly day: string;
  readonly days: readonly string[];
}

/**
 * Prepares a check; the objects under its prefix and the backups of its days are removed when it ends.
 *
 * @param offsets days after the check's first
 */
export function prepare(run: ScenarioRun, offsets: readonly number[] = [0]): Fixture {
  const deployment = readDeployment(run);
  const days = pastDays(run, offsets);
  cleanUpBackups(run, deployment, days);
  return { deployment, prefix: `${run.runId}/`, day: days[0] ?? '', days };
}

/** Puts objects into the source bucket, as a step of the check. */
export async function putObjects(
  run: ScenarioRun,
  { deployment }: Fixture,
  objects: readonly SourceObject[],
): Promise<readonly SourceObject[]> {
  await run.step(`put ${objects.length} objects`, () => putAll(deployment.s3, deployment.sourceBucket, objects));
  return objects;
}

/** Puts random objects, numbered under the prefix. */
export async function putNumbered(
  run: ScenarioRun,
  fixture: Fixture,
  count: number,
  bytes: (index: number) => number,
): Promise<readonly SourceObject[]> {
  const { prefix } = fixture;
  const objects = Array.from({ length: count }, (_, index) => randomObject(run, `${prefix}${index}`, bytes(index)));
  return putObjects(run, fixture, objects);
}

/**
 * Flips one bit of an object in the Backup bucket, as a new version with a checksum of its own.
 *
 * @param position of the byte, as a part of the size from 0 to below 1
 */
export async function flipBit({ s3, backupBucket }: Deployment, key: string, position: number): Promise<void> {
  const target = { Bucket: backupBucket, Key: key };
  const { Body, ContentType, Metadata } = await s3.send(new GetObjectCommand(target));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  const at = Math.floor(position * bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await s3.send(new PutObjectCommand({ ...target, Body: bytes, ContentType, Metadata }));
}
