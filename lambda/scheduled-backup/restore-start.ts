import * as z from 'zod/mini';
import { requireRegion } from './adapters/s3-bucket-region';
import { readText, type TextStore } from './adapters/s3-text-store';
import { InvalidRequestError } from './errors';
import { parseSummary, summaryKey } from './manifest';
import { executionSchema, parseRequest, parseStepInput, restoreRequestSchema } from './requests';

/** State of a restore, which the state machine passes to each step. */
export const restoreRunSchema = z.object({
  day: z.string(),
  run: z.string(),
  startedAt: z.string(),
  prefix: z.string(),
  targetBucket: z.string(),
  dryRun: z.boolean(),
  overwrite: z.boolean(),
  partsPrefix: z.string(),
  /** Number of manifest parts. */
  parts: z.number(),
  /** The manifest has no part. */
  empty: z.boolean(),
  /** Status of the backup; an incomplete one restores what it has. */
  backupStatus: z.enum(['complete', 'incomplete']),
});

export type RestoreRun = z.output<typeof restoreRunSchema>;

const startSchema = z.object({ request: z.unknown(), execution: executionSchema });

export interface RestoreStartDependencies {
  readonly sourceBucket: string;
  /** Buckets beside the source that a restore may write to. */
  readonly restoreTargets: readonly string[];
  readonly backup: TextStore;
  /** Region of the stack. */
  readonly region: string;
}

/**
 * Checks the request and finds the manifest of the day.
 *
 * @throws InvalidRequestError if the input is invalid, the bucket is not a restore target or is in another region, or the day has no backup
 */
export async function beginRestore(
  input: unknown,
  { sourceBucket, restoreTargets, backup, region }: RestoreStartDependencies,
): Promise<RestoreRun> {
  const { request, execution } = parseStepInput(startSchema, input);
  const { day, prefix, dryRun, overwrite, targetBucket = sourceBucket } = parseRequest(restoreRequestSchema, request);
  const allowed = [sourceBucket, ...restoreTargets];
  if (!allowed.includes(targetBucket)) {
    throw new InvalidRequestError(
      `targetBucket '${targetBucket}' is not a restore target: use one of ${allowed.join(', ')}, or add it to restoreTargets`,
    );
  }
  await requireRegion({ ...backup, bucket: targetBucket }, region);
  const stored = await readText(backup, summaryKey(day));
  const summary = stored === undefined ? undefined : parseSummary(stored.text);
  if (summary === undefined) {
    throw new InvalidRequestError(`there is no backup of ${day}: use one of the days under _manifests/`);
  }
  const { parts, status } = summary;
  return {
    day,
    run: execution.name,
    startedAt: execution.startedAt,
    prefix,
    targetBucket,
    dryRun,
    overwrite,
    partsPrefix: parts.prefix,
    parts: parts.count,
    empty: parts.count === 0,
    backupStatus: status,
  };
}
