import * as z from 'zod/mini';
import { requireRegion } from './adapters/s3-bucket-region';
import { listKeys, readText, type TextStore } from './adapters/s3-text-store';
import { addDays, dayOf } from './day';
import { InvalidRequestError } from './errors';
import { takeLock } from './journal';
import { copyKey, parseSummary, partsPrefix, summaryKey } from './manifest';
import { backupRequestSchema, executionSchema, parseRequest, parseStepInput } from './requests';

/** State of a run, which the state machine passes to each step. */
export const backupRunSchema = z.object({
  day: z.string(),
  /** Name of the execution. */
  run: z.string(),
  scheduledTime: z.string(),
  startedAt: z.string(),
  /** An interrupted run has left copies of the day. */
  resumed: z.boolean(),
  verifyOnly: z.boolean(),
  partsPrefix: z.string(),
  /** Manifest parts whose copies are repaired. */
  repairedPrefix: z.optional(z.string()),
});

export type BackupRun = z.output<typeof backupRunSchema>;

/**
 * Next step of a run: `copy`; `repair` for a day whose manifest is incomplete; `write-manifest` for an empty source; `verify` for an existing backup, or `complete` if that is empty;
 * `nothing` if the day is complete or another run backs it up; `refuse` if a run of another day is still running.
 */
export type BackupDecision = 'copy' | 'repair' | 'write-manifest' | 'verify' | 'complete' | 'nothing' | 'refuse';

export interface BackupStart extends BackupRun {
  readonly decision: BackupDecision;
  readonly reason: string;
}

const startSchema = z.object({ request: z.unknown(), execution: executionSchema });

export interface BackupStartDependencies {
  readonly timeZone: string;
  /** Region of the stack. */
  readonly region: string;
  readonly now: () => Date;
  readonly journal: TextStore;
  readonly backup: TextStore;
  readonly source: TextStore;
  readonly isRunning: (execution: string) => Promise<boolean>;
}

/**
 * Decides what an execution has to do. Its day is named, or is that of the scheduled time, so that a late or repeated start backs up
 * the day that was due. A day with a manifest is repaired from that manifest, not from the source, which may have fewer objects by now.
 *
 * @throws InvalidRequestError if the input is invalid, the source is in another region, or there is no backup to verify
 */
export async function beginBackup(input: unknown, dependencies: BackupStartDependencies): Promise<BackupStart> {
  const { journal, backup, source, timeZone, region, now, isRunning } = dependencies;
  const { request, execution } = parseStepInput(startSchema, input);
  const { verifyOnly, ...due } = parseRequest(backupRequestSchema, request);
  const scheduledTime = due.scheduledTime ?? execution.startedAt;
  const day = due.day ?? dayOf(new Date(scheduledTime), timeZone);
  // A schedule in another time zone may be a day ahead; a later day is a typing error, which would outlive the real days.
  const latest = addDays(dayOf(now(), timeZone), 1);
  if (day > latest) {
    throw new InvalidRequestError(`${day} is in the future: use a day until ${latest}`);
  }
  const run = {
    day,
    run: execution.name,
    scheduledTime,
    startedAt: execution.startedAt,
    resumed: false,
    verifyOnly,
    partsPrefix: partsPrefix(day, execution.name),
  };

  const lock = await takeLock(journal, { run: execution.name, execution: execution.id, day }, isRunning);
  if (lock !== 'taken') {
    const { heldBy } = lock;
    return heldBy.day === day && !verifyOnly
      ? { ...run, decision: 'nothing', reason: `run ${heldBy.run} is already backing up ${day}` }
      : { ...run, decision: 'refuse', reason: `run ${heldBy.run} of ${heldBy.day} is still running` };
  }

  const stored = await readText(backup, summaryKey(day));
  const summary = stored === undefined ? undefined : parseSummary(stored.text);
  if (verifyOnly) {
    if (summary === undefined) throw new InvalidRequestError(`there is no backup of ${day} to verify`);
    const decision = summary.parts.count === 0 ? 'complete' : 'verify';
    return { ...run, partsPrefix: summary.parts.prefix, decision, reason: 'verification only' };
  }
  if (summary?.status === 'complete') {
    return { ...run, decision: 'nothing', reason: `run ${summary.run} has completed the backup of ${day}` };
  }
  if (summary !== undefined && summary.parts.count > 0) {
    const reason = `the backup of run ${summary.run} is incomplete`;
    return { ...run, decision: 'repair', repairedPrefix: summary.parts.prefix, reason };
  }
  // Not before a repair, which needs no source where the Backup bucket still has the recorded versions.
  await requireRegion(source, region);
  if (await isEmpty(source, '')) return { ...run, decision: 'write-manifest', reason: 'the source bucket is empty' };
  const resumed = !(await isEmpty(backup, copyKey(day, '')));
  return {
    ...run,
    resumed,
    decision: 'copy',
    reason: resumed ? 'an earlier run was interrupted' : 'the day has no backup yet',
  };
}

/** Returns whether no key has the prefix; a distributed map fails on an empty listing. */
async function isEmpty(store: TextStore, prefix: string): Promise<boolean> {
  for await (const keys of listKeys(store, prefix)) return keys.length === 0;
  return true;
}
