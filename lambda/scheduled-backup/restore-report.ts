import * as z from 'zod/mini';
import { writeText, type TextStore } from './adapters/s3-text-store';
import { StorageFailedError } from './errors';
import { maxFindings, readResults, resultsPrefix, restoredPartSchema, restoreReportKey } from './journal';
import { findingSchema, type Finding } from './manifest';
import type { RestoreRun } from './restore-start';

/** Report of a restore, which the journal keeps under `restores/`. */
export const restoreReportSchema = z.object({
  day: z.string(),
  run: z.string(),
  status: z.enum(['restored', 'incomplete']),
  targetBucket: z.string(),
  prefix: z.string(),
  dryRun: z.boolean(),
  overwrite: z.boolean(),
  backupStatus: z.enum(['complete', 'incomplete']),
  startedAt: z.string(),
  finishedAt: z.string(),
  restored: z.number(),
  identical: z.number(),
  kept: z.number(),
  failed: z.number(),
  /** Objects that the backup skipped or failed to copy. */
  notBackedUp: z.number(),
  bytes: z.number(),
  findings: z.array(findingSchema),
});

export type RestoreReport = z.output<typeof restoreReportSchema>;

/** Report of an ended restore, with the message to the topic. */
export interface RestoreEnd {
  readonly outcome: 'restored' | 'incomplete';
  readonly subject: string;
  readonly message: string;
  readonly report: RestoreReport;
}

export interface RestoreReportDependencies {
  readonly journal: TextStore;
  readonly now: () => Date;
}

/** Number of keys in the message and in the execution's output. */
const listedKeys = 10;

/**
 * Sums up the results of all parts, and writes the report.
 *
 * @throws StorageFailedError if a part was not processed to its end
 */
export async function reportRestore(run: RestoreRun, { journal, now }: RestoreReportDependencies): Promise<RestoreEnd> {
  const total = { restored: 0, identical: 0, kept: 0, failed: 0, notBackedUp: 0, bytes: 0 };
  const allFindings: Finding[] = [];
  let finishedParts = 0;
  const results = readResults(journal, resultsPrefix(run.run, 'restored'), restoredPartSchema);
  for await (const { findings, remaining, cutOffs: _, ...part } of results) {
    if (remaining.length === 0) finishedParts += 1;
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += part[name];
    if (allFindings.length < maxFindings) allFindings.push(...findings);
  }
  if (finishedParts !== run.parts) {
    throw new StorageFailedError(
      `expected results of ${run.parts} manifest parts, got ${finishedParts}: start the restore again`,
    );
  }
  const { day, targetBucket, prefix, dryRun, overwrite, backupStatus, startedAt } = run;
  const report: RestoreReport = {
    day,
    run: run.run,
    status: total.failed === 0 && total.notBackedUp === 0 && !matchesNothing(run, total) ? 'restored' : 'incomplete',
    targetBucket,
    prefix,
    dryRun,
    overwrite,
    backupStatus,
    startedAt,
    finishedAt: now().toISOString(),
    ...total,
    findings: allFindings.slice(0, listedKeys),
  };
  const stored = { ...report, findings: allFindings.slice(0, maxFindings) };
  await writeText(journal, restoreReportKey(day, run.run), JSON.stringify(stored, null, 2));
  return { ...messageOf(report), report };
}

/** Returns whether a prefix has no object of the backup, which is a typing error rather than a success. */
function matchesNothing({ prefix }: Pick<RestoreRun, 'prefix'>, total: Totals): boolean {
  const { restored, identical, kept, failed, notBackedUp } = total;
  return prefix !== '' && restored + identical + kept + failed + notBackedUp === 0;
}

type Totals = Pick<RestoreReport, 'restored' | 'identical' | 'kept' | 'failed' | 'notBackedUp'>;

function messageOf(report: RestoreReport): Pick<RestoreEnd, 'outcome' | 'subject' | 'message'> {
  const { day, status, restored, identical, kept, failed, notBackedUp, bytes } = report;
  const { dryRun, targetBucket, findings, backupStatus, prefix } = report;
  const seconds = Math.round((Date.parse(report.finishedAt) - Date.parse(report.startedAt)) / 1000);
  const title = `${dryRun ? 'Dry run of the restore' : 'Restore'} of ${day}`;
  const result = status === 'restored' ? 'complete' : 'NOT COMPLETE';
  const lines = [
    `${title} to ${targetBucket}: ${result}.`,
    `${restored} objects ${dryRun ? 'would be restored' : 'restored'} (${bytes} bytes), ${identical} identical already, ${kept} kept as they are, ${failed} failed, ${notBackedUp} not in the backup, in ${seconds} s.`,
    ...(matchesNothing(report, report) ? [`No object of the backup has a key that begins with '${prefix}'.`] : []),
    ...(backupStatus === 'complete' ? [] : ['The backup itself is incomplete: its manifest lists what is missing.']),
    ...findings.map(({ key, reason }) => `  ${reason}: ${key}`),
  ];
  return { outcome: status, subject: `${title}: ${result}`, message: lines.join('\n') };
}
