import * as z from 'zod/mini';
import { UnusableRequest } from './failures';
import { summaryKey, summarySchema } from './manifest';
import { executionSchema, readRequest, readStep, restoreRequestSchema } from './requests';
import type { Texts } from './s3-journal';

/** What the restore's state machine knows of its run, and gives to each of its steps. */
export const restoreRunSchema = z.object({
  day: z.string(),
  run: z.string(),
  startedAt: z.string(),
  prefix: z.string(),
  targetBucket: z.string(),
  dryRun: z.boolean(),
  overwrite: z.boolean(),
  partsPrefix: z.string(),
  /** Parts of the manifest. */
  parts: z.number(),
  /** The manifest has none. */
  empty: z.boolean(),
  /** The backup's own status: an incomplete one restores what it has. */
  backupStatus: z.enum(['complete', 'incomplete']),
});

export type RestoreRun = z.output<typeof restoreRunSchema>;

const startSchema = z.object({ request: z.unknown(), execution: executionSchema });

export interface RestoreStartDesk {
  readonly sourceBucket: string;
  /** The buckets beside the source that may be written to. */
  readonly restoreTargets: readonly string[];
  readonly backup: Pick<Texts, 'read'>;
}

/** @throws UnusableRequest where the input is no request, the bucket is none to restore to, or the day has no backup */
export async function beginRestore(input: unknown, desk: RestoreStartDesk): Promise<RestoreRun> {
  const { request, execution } = readStep(startSchema, input);
  const {
    day,
    prefix,
    dryRun,
    overwrite,
    targetBucket = desk.sourceBucket,
  } = readRequest(restoreRequestSchema, request);
  const allowed = [desk.sourceBucket, ...desk.restoreTargets];
  if (!allowed.includes(targetBucket)) {
    throw new UnusableRequest(
      `targetBucket '${targetBucket}' is none to restore to: use one of ${allowed.join(', ')}, or add it to restoreTargets`,
    );
  }
  const written = await desk.backup.read(summaryKey(day));
  if (written === undefined) throw new UnusableRequest(`there is no backup of ${day}: look under _manifests/ for days`);
  const { parts, status } = summarySchema.parse(JSON.parse(written.text));
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
