import * as z from 'zod/mini';
import { dayOf } from './day';
import { UnusableRequest } from './failures';
import { takeLock } from './journal';
import { copyKey, partsPrefix, summaryKey, summarySchema } from './manifest';
import { backupRequestSchema, executionSchema, readRequest, readStep } from './requests';
import type { Texts } from './s3-journal';

/** What the state machine knows of a run, and gives to each of its steps. */
export const backupRunSchema = z.object({
  day: z.string(),
  /** The execution's name. */
  run: z.string(),
  scheduledTime: z.string(),
  startedAt: z.string(),
  /** Copies of the day are there from a run that was cut off. */
  resumed: z.boolean(),
  verifyOnly: z.boolean(),
  partsPrefix: z.string(),
});

export type BackupRun = z.output<typeof backupRunSchema>;

/**
 * What is to be done: `copy`, `gather` (the source is empty), `verify` (what is there), `complete` (it is empty), `nothing` (the day is complete, or
 * another run is at it), `refuse` (a run of another day is still going).
 */
export type BackupDecision = 'copy' | 'gather' | 'verify' | 'complete' | 'nothing' | 'refuse';

export interface BackupStart extends BackupRun {
  readonly decision: BackupDecision;
  /** One sentence for people. */
  readonly because: string;
}

const startSchema = z.object({ request: z.unknown(), execution: executionSchema });

export interface StartDesk {
  readonly timeZone: string;
  readonly journal: Pick<Texts, 'read' | 'writeIfUnchanged'>;
  readonly backup: Pick<Texts, 'read' | 'pages'>;
  readonly source: Pick<Texts, 'pages'>;
  readonly isRunning: (execution: string) => Promise<boolean>;
}

/**
 * Decides what a started execution does. The day is that of the scheduled time, so that one that starts late, or again,
 * means the day that it was due on.
 *
 * @throws UnusableRequest where the input is no request, or there is nothing to verify
 */
export async function beginBackup(input: unknown, desk: StartDesk): Promise<BackupStart> {
  const { request, execution } = readStep(startSchema, input);
  const { scheduledTime, verifyOnly } = readRequest(backupRequestSchema, request);
  const day = dayOf(new Date(scheduledTime), desk.timeZone);
  const run = {
    day,
    run: execution.name,
    scheduledTime,
    startedAt: execution.startedAt,
    resumed: false,
    verifyOnly,
    partsPrefix: partsPrefix(day, execution.name),
  };

  const lock = { run: execution.name, execution: execution.id, day };
  const answer = await takeLock(desk.journal, lock, desk.isRunning);
  if (answer !== 'taken') {
    const { heldBy } = answer;
    return heldBy.day === day && !verifyOnly
      ? { ...run, decision: 'nothing', because: `run ${heldBy.run} is backing up ${day}` }
      : { ...run, decision: 'refuse', because: `run ${heldBy.run} of ${heldBy.day} is still going` };
  }

  const written = await desk.backup.read(summaryKey(day));
  const summary = written === undefined ? undefined : summarySchema.parse(JSON.parse(written.text));
  if (verifyOnly) {
    if (summary === undefined) throw new UnusableRequest(`there is no backup of ${day} to verify`);
    const decision = summary.parts.count === 0 ? 'complete' : 'verify';
    return { ...run, partsPrefix: summary.parts.prefix, decision, because: 'only to be verified' };
  }
  if (summary?.status === 'complete') {
    return { ...run, decision: 'nothing', because: `${day} was backed up by run ${summary.run}` };
  }
  if (await isEmpty(desk.source, '')) return { ...run, decision: 'gather', because: 'the source bucket is empty' };
  const resumed = !(await isEmpty(desk.backup, copyKey(day, '')));
  return {
    ...run,
    resumed,
    decision: 'copy',
    because: resumed ? 'an earlier run was cut off' : 'nothing is there yet',
  };
}

/** A distributed map over nothing would need a listing with something in it. */
async function isEmpty(bucket: Pick<Texts, 'pages'>, prefix: string): Promise<boolean> {
  for await (const keys of bucket.pages(prefix)) return keys.length === 0;
  return true;
}
