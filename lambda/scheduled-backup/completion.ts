import { readText, writeText, type TextStore } from './adapters/s3-text-store';
import { InvalidRequestError, StorageFailedError } from './errors';
import {
  failuresKey,
  failuresSchema,
  maxFindings,
  readResult,
  readResults,
  requireLock,
  resultsPrefix,
  verifiedPartSchema,
} from './journal';
import { noCounts, parseSummary, summaryKey, type Counts, type Finding, type Summary } from './manifest';
import type { AssemblyRun } from './manifest-assembly';
import { isMismatch } from './verification';

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
 * writes its result into the summary of the day.
 *
 * @throws StorageFailedError if not every copy was verified
 * @throws SupersededError if another run has taken the lock
 */
export async function completeBackup(
  run: AssemblyRun,
  dependencies: CompletionDependencies,
): Promise<{ readonly summary: Summary; readonly completion: Completion }> {
  const { journal, backup } = dependencies;
  await requireLock(journal, run.run);
  const verification = await totalVerification(run.run, journal);
  const summary = run.verifyOnly
    ? verifiedSummary(await readSummary(run.day, backup), verification, dependencies)
    : await newSummary(run, verification, dependencies);
  await writeText(backup, summaryKey(run.day), JSON.stringify(summary, null, 2));
  return { summary, completion: messageOf(summary, run) };
}

async function newSummary(
  run: AssemblyRun,
  verification: VerificationTotal,
  { journal, sourceBucket, now }: CompletionDependencies,
): Promise<Summary> {
  const counts = run.assembly?.counts ?? noCounts;
  requireAllVerified(verification, counts);
  const failures = (await readResult(journal, failuresKey(run.run), failuresSchema)) ?? [];
  const finishedAt = now().toISOString();
  return {
    day: run.day,
    status: statusOf(verification, counts),
    run: run.run,
    scheduledTime: run.scheduledTime,
    startedAt: run.startedAt,
    finishedAt,
    verifiedAt: finishedAt,
    source: sourceBucket,
    parts: { prefix: run.partsPrefix, count: run.assembly?.parts ?? 0 },
    counts,
    mismatched: verification.mismatched,
    findings: [...verification.findings, ...failures].slice(0, maxFindings),
  };
}

/** The day's summary with the result of a later verification, which decides whether the day is complete. */
function verifiedSummary(existing: Summary, verification: VerificationTotal, { now }: CompletionDependencies): Summary {
  requireAllVerified(verification, existing.counts);
  const failures = existing.findings.filter(({ reason }) => !isMismatch(reason));
  return {
    ...existing,
    status: statusOf(verification, existing.counts),
    verifiedAt: now().toISOString(),
    mismatched: verification.mismatched,
    findings: [...verification.findings, ...failures].slice(0, maxFindings),
  };
}

function requireAllVerified({ checked }: VerificationTotal, { copied }: Counts): void {
  if (checked === copied) return;
  throw new StorageFailedError(`expected ${copied} verified copies, got ${checked}: start the day again`);
}

function statusOf({ mismatched }: VerificationTotal, { failed }: Counts): Summary['status'] {
  return mismatched === 0 && failed === 0 ? 'complete' : 'incomplete';
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

async function readSummary(day: string, backup: TextStore): Promise<Summary> {
  const stored = await readText(backup, summaryKey(day));
  const summary = stored === undefined ? undefined : parseSummary(stored.text);
  if (summary === undefined) throw new InvalidRequestError(`there is no backup of ${day} to verify`);
  return summary;
}

/** Number of keys in a message. */
const listedKeys = 10;

function messageOf(summary: Summary, { verifyOnly, startedAt }: AssemblyRun): Completion {
  const { day, counts, mismatched, findings, status } = summary;
  const seconds = Math.round((Date.parse(summary.verifiedAt ?? summary.finishedAt) - Date.parse(startedAt)) / 1000);
  const title = `${verifyOnly ? 'Verification of the backup' : 'Backup'} of ${day}`;
  const complete = status === 'complete';
  const lines = [
    `${title}: ${complete ? 'every copy matches its source' : 'NOT COMPLETE'}.`,
    `${counts.copied} objects copied (${counts.bytes} bytes), ${counts.skipped} skipped, ${counts.failed} failed, ${mismatched} mismatched, in ${seconds} s.`,
    ...findings.slice(0, listedKeys).map(({ key, reason }) => `  ${reason}: ${key}`),
    ...(findings.length > listedKeys ? ['  … and more in the summary of the manifest'] : []),
  ];
  return {
    outcome: status,
    subject: `${title}: ${complete ? 'complete' : 'NOT COMPLETE'}`,
    message: lines.join('\n'),
  };
}
