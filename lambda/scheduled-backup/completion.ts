import { StorageFailed, UnusableRequest } from './failures';
import type { GatherRun } from './gathering';
import { findingsPrefix, mostFindings, readAll, recordsPrefix, requireLock, verifiedSchema } from './journal';
import { fromLines, noCounts, summaryKey, summarySchema, type Finding, type Summary } from './manifest';
import type { Texts } from './s3-journal';

export interface Completion {
  readonly outcome: 'complete' | 'incomplete';
  readonly subject: string;
  readonly message: string;
}

export interface CompletionDesk {
  readonly journal: Pick<Texts, 'read' | 'pages'>;
  readonly backup: Pick<Texts, 'read' | 'write'>;
  readonly sourceBucket: string;
  readonly now: () => Date;
}

interface Verdict {
  readonly checked: number;
  readonly mismatched: number;
  readonly findings: Finding[];
}

/**
 * Ends a run: adds up what was verified and writes the summary, without which a day has no backup.
 *
 * One that only verifies writes nothing and says what it found.
 *
 * @throws StorageFailed where not every copy was verified
 * @throws Superseded where another run has taken over
 */
export async function completeBackup(
  run: GatherRun,
  desk: CompletionDesk,
): Promise<{ readonly summary: Summary; readonly completion: Completion }> {
  await requireLock(desk.journal, run.run);
  const verdict = await readVerdict(run.run, desk.journal);
  const before = run.verifyOnly ? await readSummary(run.day, desk.backup) : undefined;
  const counts = before?.counts ?? run.gathered?.counts ?? noCounts;
  if (verdict.checked !== counts.copied) {
    throw new StorageFailed(`${verdict.checked} of ${counts.copied} copies were verified: the run is started again`);
  }
  const failures = counts.failed === 0 || run.verifyOnly ? [] : await readFailures(run.run, desk.journal);
  const sound = verdict.mismatched === 0 && counts.failed === 0;
  const summary: Summary = {
    day: run.day,
    status: sound ? 'complete' : 'incomplete',
    run: run.run,
    scheduledTime: run.scheduledTime,
    startedAt: run.startedAt,
    finishedAt: desk.now().toISOString(),
    source: desk.sourceBucket,
    parts: before?.parts ?? { prefix: run.partsPrefix, count: run.gathered?.parts ?? 0 },
    counts,
    mismatched: verdict.mismatched,
    findings: [...verdict.findings, ...failures].slice(0, mostFindings),
  };
  if (!run.verifyOnly) await desk.backup.write(summaryKey(run.day), JSON.stringify(summary, null, 2));
  return { summary, completion: tell(summary, run.verifyOnly) };
}

async function readVerdict(run: string, journal: CompletionDesk['journal']): Promise<Verdict> {
  let checked = 0;
  let mismatched = 0;
  const findings: Finding[] = [];
  for await (const part of readAll(journal, findingsPrefix(run, 'verified'), verifiedSchema)) {
    checked += part.checked;
    mismatched += part.mismatched;
    if (findings.length < mostFindings) findings.push(...part.findings);
  }
  return { checked, mismatched, findings };
}

/** The first objects that failed, found again in the records: only a run that has failed pays for it. */
async function readFailures(run: string, journal: CompletionDesk['journal']): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const keys of journal.pages(recordsPrefix(run))) {
    for (const key of keys) {
      for (const entry of fromLines((await journal.read(key))?.text ?? '')) {
        if (entry.status === 'failed') found.push({ key: entry.key, reason: entry.reason });
      }
      if (found.length >= mostFindings) return found;
    }
  }
  return found;
}

async function readSummary(day: string, backup: CompletionDesk['backup']): Promise<Summary> {
  const written = await backup.read(summaryKey(day));
  if (written === undefined) throw new UnusableRequest(`there is no backup of ${day} to verify`);
  return summarySchema.parse(JSON.parse(written.text));
}

/** As many keys as a person reads in a mail. */
const namedKeys = 10;

function tell(summary: Summary, verifyOnly: boolean): Completion {
  const { day, counts, mismatched, findings, status } = summary;
  const seconds = Math.round((Date.parse(summary.finishedAt) - Date.parse(summary.startedAt)) / 1000);
  const title = verifyOnly ? `Backup of ${day} verified` : `Backup of ${day}`;
  const good = status === 'complete';
  const lines = [
    `${title}: ${good ? 'every copy matches its source' : 'NOT COMPLETE'}.`,
    `${counts.copied} objects copied (${counts.bytes} bytes), ${counts.skipped} skipped, ${counts.failed} failed, ${mismatched} mismatched, in ${seconds} s.`,
    ...findings.slice(0, namedKeys).map(({ key, reason }) => `  ${reason}: ${key}`),
    ...(findings.length > namedKeys ? ['  … and more, in the summary of the manifest'] : []),
  ];
  return {
    outcome: good ? 'complete' : 'incomplete',
    subject: `${title}: ${good ? 'complete' : 'NOT COMPLETE'}`,
    message: lines.join('\n'),
  };
}
