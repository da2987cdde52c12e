import type { Finding, Outcome } from './ports';

/** Message of the Reports topic. */
export interface Message {
  readonly subject: string;
  readonly text: string;
  /** Attributes that subscribers filter by. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Lines of one message: well within the 256 KiB of SNS. */
const linesAtOnce = 500;

/** Notices of volumes that will be deleted, by owner. */
export function noticesOf(findings: readonly Finding[], graceDays: number, keepTag: string): Message[] {
  const owners = Map.groupBy(findings, ({ owner }) => owner);
  return [...owners].flatMap(([owner, own]) =>
    partsOf(own).map((part) => ({
      subject: `${part.length} unattached EBS volumes will be deleted`,
      text: [
        `These volumes will be deleted after ${graceDays} days, each after a snapshot. To keep one, set the tag ${keepTag} on it or attach it.`,
        '',
        ...part.map(lineOf),
      ].join('\n'),
      attributes: { event: 'notice', owner },
    })),
  );
}

/** Report of a run; none if there is nothing to say. */
export function reportOf(findings: readonly Finding[], isDryRun: boolean): Message[] {
  const said = findings.filter(({ outcome }) => outcome !== 'notified');
  const saved = dollarsOf(said.filter(({ outcome }) => outcome === 'deleted'));
  const candidates = said.filter(({ outcome }) => outcome === 'candidate');
  return partsOf(said).map((part) => ({
    subject: isDryRun ? 'Unattached EBS volumes (dry run)' : 'Cleanup of unattached EBS volumes',
    text: [
      isDryRun
        ? `Dry run: nothing is deleted. The candidates cost at least ${money(dollarsOf(candidates))} a month (us-east-1).`
        : `Deleted volumes saved at least ${money(saved)} a month (us-east-1), less their snapshots.`,
      '',
      ...part.map(lineOf),
    ].join('\n'),
    attributes: { event: 'report' },
  }));
}

/** Number of findings of each outcome. */
export function countsOf(findings: readonly Finding[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of findings) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

export function dollarsOf(findings: readonly Finding[]): number {
  return findings.reduce((sum, { dollarsAMonth }) => sum + dollarsAMonth, 0);
}

function partsOf(findings: readonly Finding[]): Finding[][] {
  const parts: Finding[][] = [];
  for (let start = 0; start < findings.length; start += linesAtOnce)
    parts.push(findings.slice(start, start + linesAtOnce));
  return parts;
}

function lineOf({ region, id, outcome, dollarsAMonth, detail }: Finding): string {
  return [outcome, region, id, `${money(dollarsAMonth)} a month`, ...(detail === undefined ? [] : [detail])].join('  ');
}

function money(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}
