import * as z from 'zod/mini';
import { StorageFailed } from './failures';
import { findingsPrefix, mostFindings, readAll, restoredSchema, restoreReportKey } from './journal';
import { findingSchema, type Finding } from './manifest';
import type { RestoreRun } from './restore-start';
import type { Texts } from './s3-journal';

/** What was restored, as it is kept in the journal under `restores/`. */
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
  alike: z.number(),
  kept: z.number(),
  failed: z.number(),
  bytes: z.number(),
  findings: z.array(findingSchema),
});

export type RestoreReport = z.output<typeof restoreReportSchema>;

export interface RestoreReportAnswer {
  readonly outcome: 'restored' | 'incomplete';
  readonly subject: string;
  readonly message: string;
  readonly report: RestoreReport;
}

export interface ReportDesk {
  readonly journal: Pick<Texts, 'read' | 'pages' | 'write'>;
  readonly now: () => Date;
}

const namedKeys = 10;

/**
 * Adds up what became of every part, keeps it as a report, and says it in words.
 *
 * @throws StorageFailed where not every part was gone through to its end
 */
export async function reportRestore(run: RestoreRun, { journal, now }: ReportDesk): Promise<RestoreReportAnswer> {
  const sum = { restored: 0, alike: 0, kept: 0, failed: 0, bytes: 0 };
  const all: Finding[] = [];
  let parts = 0;
  for await (const { findings, left, ...part } of readAll(
    journal,
    findingsPrefix(run.run, 'restored'),
    restoredSchema,
  )) {
    if (left.length === 0) parts += 1;
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += part[name];
    if (all.length < mostFindings) all.push(...findings);
  }
  if (parts !== run.parts) {
    throw new StorageFailed(
      `${parts} of ${run.parts} parts of the manifest were gone through: the restore is started again`,
    );
  }
  const { day, targetBucket, prefix, dryRun, overwrite, backupStatus, startedAt } = run;
  const report: RestoreReport = {
    day,
    run: run.run,
    status: sum.failed === 0 ? 'restored' : 'incomplete',
    targetBucket,
    prefix,
    dryRun,
    overwrite,
    backupStatus,
    startedAt,
    finishedAt: now().toISOString(),
    ...sum,
    findings: all.slice(0, namedKeys),
  };
  const kept = { ...report, findings: all.slice(0, mostFindings) };
  await journal.write(restoreReportKey(day, run.run), JSON.stringify(kept, null, 2));
  return { ...tell(report), report };
}

function tell(report: RestoreReport): Pick<RestoreReportAnswer, 'outcome' | 'subject' | 'message'> {
  const { day, status, restored, alike, kept, failed, bytes, dryRun, targetBucket, findings, backupStatus } = report;
  const seconds = Math.round((Date.parse(report.finishedAt) - Date.parse(report.startedAt)) / 1000);
  const title = `${dryRun ? 'Dry run of restore' : 'Restore'} of ${day}`;
  const ending = status === 'restored' ? 'done' : 'NOT COMPLETE';
  const lines = [
    `${title} to ${targetBucket}: ${ending}.`,
    `${restored} objects ${dryRun ? 'would be restored' : 'restored'} (${bytes} bytes), ${alike} alike already, ${kept} kept as they are, ${failed} failed, in ${seconds} s.`,
    ...(backupStatus === 'complete' ? [] : ['The backup itself is incomplete: its manifest says what it lacks.']),
    ...findings.map(({ key, reason }) => `  ${reason}: ${key}`),
  ];
  return { outcome: status, subject: `${title}: ${ending}`, message: lines.join('\n') };
}
