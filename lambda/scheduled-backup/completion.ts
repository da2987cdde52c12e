import { listKeys, readText, writeText, type TextStore } from './adapters/s3-text-store';
import { InvalidRequestError, StorageFailedError } from './errors';
import { maxFindings, readResults, recordsPrefix, requireLock, resultsPrefix, verifiedPartSchema } from './journal';
import { fromLines, noCounts, summaryKey, summarySchema, type Finding, type Summary } from './manifest';
import type { AssemblyRun } from './manifest-assembly';

/** Outcome of a run, with the message to the topic. */
export interface Completion {
  readonly outcome: 'complete' | 'incomplete';
  readonly subject: string;
  readonly message: string;
}

export interface CompletionDependencies {
  readonly journal: TextStore;
  readonly backup: TextStore;
  readonly sourceBucket: string;
  readonly now: () => Date;
}

interface VerificationTotal {
  readonly checked: number;
  readonly mismatched: number;
  readonly findings: Finding[];
}

/**
 * Completes a run: sums up the verification and writes the summary, without which a day has no backup. A run that only verifies
 * writes nothing.
 *
 * @throws StorageFailedError if not every copy was verified
 * @throws SupersededError if another run has taken the lock
 */
export async function completeBackup(
  run: AssemblyRun,
  { journal, backup, sourceBucket, now }: CompletionDependencies,
): Promise<{ readonly summary: Summary; readonly completion: Completion }> {
  await requireLock(journal, run.run);
  const verification = await totalVerification(run.run, journal);
  const existing = run.verifyOnly ? await readSummary(run.day, backup) : undefined;
  const counts = existing?.counts ?? run.assembly?.counts ?? noCounts;
  if (verification.checked !== counts.copied) {
    throw new StorageFailedError(
      `expected ${counts.copied} verified copies, got ${verification.checked}: start the day again`,
    );
  }
  const failures = counts.failed === 0 || run.verifyOnly ? [] : await readFailures(run.run, journal);
  const summary: Summary = {
    day: run.day,
    status: verification.mismatched === 0 && counts.failed === 0 ? 'complete' : 'incomplete',
    run: run.run,
    scheduledTime: run.scheduledTime,
    startedAt: run.startedAt,
    finishedAt: now().toISOString(),
    source: sourceBucket,
    parts: existing?.parts ?? { prefix: run.partsPrefix, count: run.assembly?.parts ?? 0 },
    counts,
    mismatched: verification.mismatched,
    findings: [...verification.findings, ...failures].slice(0, maxFindings),
  };
  if (!run.verifyOnly) await writeText(backup, summaryKey(run.day), JSON.stringify(summary, null, 2));
  return { summary, completion: messageOf(summary, run.verifyOnly) };
}

async function totalVerification(run: string, journal: TextStore): Promise<VerificationTotal> {
  let checked = 0;
  let mismatched = 0;
  const findings: Finding[] = [];
  for await (const part of readResults(journal, resultsPrefix(run, 'verified'), verifiedPartSchema)) {
    checked += part.checked;
    mismatched += part.mismatched;
    if (findings.length < maxFindings) findings.push(...part.findings);
  }
  return { checked, mismatched, findings };
}

/** Finds the first failed objects in the records of the batches; only a run with failures pays for these requests. */
async function readFailures(run: string, journal: TextStore): Promise<Finding[]> {
  const failures: Finding[] = [];
  for await (const keys of listKeys(journal, recordsPrefix(run))) {
    for (const key of keys) {
      for (const entry of fromLines((await readText(journal, key))?.text ?? '')) {
        if (entry.status === 'failed') failures.push({ key: entry.key, reason: entry.reason });
      }
      if (failures.length >= maxFindings) return failures;
    }
  }
  return failures;
}

async function readSummary(day: string, backup: TextStore): Promise<Summary> {
  const stored = await readText(backup, summaryKey(day));
  if (stored === undefined) throw new InvalidRequestError(`there is no backup of ${day} to verify`);
  return summarySchema.parse(JSON.parse(stored.text));
}

/** Number of keys in a message. */
const listedKeys = 10;

function messageOf(summary: Summary, verifyOnly: boolean): Completion {
  const { day, counts, mismatched, findings, status } = summary;
  const seconds = Math.round((Date.parse(summary.finishedAt) - Date.parse(summary.startedAt)) / 1000);
  const title = `${verifyOnly ? 'Verification of the backup' : 'Backup'} of ${day}`;
  const complete = status === 'complete';
  const lines = [
    `${title}: ${complete ? 'every copy matches its source' : 'NOT COMPLETE'}.`,
    `${counts.copied} objects copied (${counts.bytes} bytes), ${counts.skipped} skipped, ${counts.failed} failed, ${mismatched} mismatched, in ${seconds} s.`,
    ...findings.slice(0, listedKeys).map(({ key, reason }) => `  ${reason}: ${key}`),
    ...(findings.length > listedKeys ? ['  … and more in the summary of the manifest'] : []),
  ];
  return {
    outcome: complete ? 'complete' : 'incomplete',
    subject: `${title}: ${complete ? 'complete' : 'NOT COMPLETE'}`,
    message: lines.join('\n'),
  };
}
