import { printable } from '../shared/plain-text';
import type { LoadTotals } from './accounting';
import { resultKeys } from './file';
import type { Run } from './step-input';

/** Outcome of a file, in S3 for programs and people. */
export interface Report {
  readonly fileId: string;
  readonly file: string;
  readonly versionId: string;
  readonly dataset: string;
  readonly status: 'loaded' | 'quarantined' | 'failed';
  /** Why it was quarantined, or failed. */
  readonly reason: string | undefined;
  readonly rows: number;
  readonly loaded: number;
  readonly unchanged: number;
  readonly older: number;
  readonly rejected: number;
  readonly rejectedBecause: Readonly<Record<string, number>>;
  readonly rejectedRows: string | undefined;
  readonly quarantinedTo: string | undefined;
  readonly uploadedAt: string;
  readonly endedAt: string;
  readonly seconds: number;
  readonly generation: number;
  /** Writes of DynamoDB and transitions of Step Functions, from list prices. */
  readonly estimatedUsd: number;
}

export interface ReportInput {
  readonly run: Run;
  readonly status: Report['status'];
  readonly reason?: string | undefined;
  readonly loaded?: LoadTotals | undefined;
  readonly quarantinedTo?: string | undefined;
  readonly now: Date;
}

export function makeReport(input: ReportInput): Report {
  const { run, status, reason, loaded, now, quarantinedTo } = input;
  const { file, transformed } = run;
  const rejected = transformed?.rejected ?? 0;
  return {
    fileId: file.fileId,
    file: file.key,
    versionId: file.versionId,
    dataset: file.dataset.name,
    status,
    reason,
    rows: transformed?.rows ?? 0,
    loaded: loaded?.loaded ?? 0,
    unchanged: loaded?.unchanged ?? 0,
    older: loaded?.older ?? 0,
    rejected,
    rejectedBecause: transformed?.reasons ?? {},
    rejectedRows: rejected === 0 ? undefined : resultKeys(file).rejectedPrefix,
    quarantinedTo,
    uploadedAt: file.uploadedAt,
    endedAt: now.toISOString(),
    seconds: Math.max(0, Math.round((now.getTime() - Date.parse(run.startedAt)) / 1_000)),
    generation: file.generation,
    estimatedUsd: estimate(run.split?.parts ?? 0, loaded),
  };
}

/** List prices of us-east-1, 2026-11: a write of up to 1 KB, a transition, and a second of a function of 1 GB on arm64. */
const [writeUsd, transitionUsd, functionSecondUsd] = [0.625e-6, 25e-6, 13.3334e-6];
/** Of one child of a map. */
const [transitionsOfChild, secondsOfChild] = [6, 4];

function estimate(parts: number, loaded: LoadTotals | undefined): number {
  // An unchanged row is refused and then confirmed, and a refused write costs as much as one that is made:
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
  const writes = loaded === undefined ? 0 : loaded.loaded + 2 * loaded.unchanged + loaded.older;
  const maps = loaded === undefined ? parts : 2 * parts;
  const usd =
    writes * writeUsd +
    (12 + maps * transitionsOfChild) * transitionUsd +
    (5 + maps * secondsOfChild) * functionSecondUsd;
  return Number(usd.toPrecision(3));
}

/** Message to the team. Subjects of SNS are ASCII, without line ends, of at most 100 characters. */
export function messageOf(report: Report): { readonly subject: string; readonly message: string } {
  const { status, dataset, file, reason, rows, loaded, unchanged, older, rejected, seconds } = report;
  const counts = `${rows} rows: ${loaded} loaded, ${unchanged} unchanged, ${older} older, ${rejected} rejected`;
  const reasons = Object.entries(report.rejectedBecause).map(([why, count]) => `  ${count} × ${why}`);
  const lines = [
    `${file} (dataset ${dataset}): ${status}${reason === undefined ? '' : `: ${reason}`}`,
    `${counts}, in ${seconds} s.`,
    ...(reasons.length === 0 ? [] : ['Rejected because:', ...reasons]),
    ...(report.rejectedRows === undefined ? [] : [`Rejected rows: ${report.rejectedRows}`]),
    ...(report.quarantinedTo === undefined ? [] : [`Quarantined file: ${report.quarantinedTo}`]),
    `npm run ops -- etl-pipeline explain ${report.fileId}`,
  ];
  const words = { loaded: 'loaded', quarantined: 'QUARANTINED', failed: 'FAILED' };
  return {
    subject: `File of ${dataset} ${words[status]}: ${rejected} of ${rows} rows rejected`,
    message: lines.map(printable).join('\n'),
  };
}
