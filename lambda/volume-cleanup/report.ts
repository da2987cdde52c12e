import { onOneLine } from '../shared/plain-text';
import type { Finding, Outcome } from './ports';

/** Message of the Reports topic. */
export interface Message {
  readonly subject: string;
  readonly text: string;
  /** Attributes that subscribers filter by. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Lines of one message, and characters of a detail, of up to four bytes each: together within the 256 KiB of SNS. */
const [linesAtOnce, detailCharacters] = [500, 100];

const volumes = { plural: 'unattached EBS volumes', end: 'deleted', how: 'each after a snapshot', use: 'attach' };

/** Words for a kind of resources, by the prefix of its ids. */
const words: Readonly<Record<string, typeof volumes>> = {
  vol: volumes,
  eipalloc: {
    plural: 'unassociated Elastic IP addresses',
    end: 'released',
    how: 'which cannot be undone',
    use: 'associate',
  },
  snap: { ...volumes, plural: 'snapshots whose volume and AMI are gone (at most)' },
  i: { ...volumes, plural: 'instances stopped for long, by their volumes' },
};

/** Notices of resources that will be removed, by kind and owner. */
export function noticesOf(findings: readonly Finding[], graceDays: number, keepTag: string): Message[] {
  const groups = Map.groupBy(findings, ({ id, owner }) => JSON.stringify([prefixOf(id), owner]));
  return [...groups.values()].flatMap((group) =>
    partsOf(group).map((part) => {
      const { plural, end, how, use } = wordsOf(part[0]?.id ?? '');
      return {
        subject: `${part.length} ${plural} will be ${end}`,
        text: [
          `These ${plural} will be ${end} after ${graceDays} days, ${how}. To keep one, set the tag ${keepTag} on it or ${use} it.`,
          '',
          ...part.map(lineOf),
        ].join('\n'),
        attributes: { event: 'notice', owner: part[0]?.owner ?? 'none' },
      };
    }),
  );
}

/** Report of a run; none if there is nothing to say. */
export function reportOf(findings: readonly Finding[], isDryRun: boolean): Message[] {
  const said = findings.filter(({ outcome }) => outcome !== 'notified');
  const candidates = said.filter(({ outcome }) => outcome === 'candidate');
  const costs = [...Map.groupBy(candidates, ({ id }) => wordsOf(id).plural)].map(
    ([plural, some]) => `${some.length} ${plural} cost ${money(dollarsOf(some))} a month (us-east-1).`,
  );
  return partsOf(said).map((part) => ({
    subject: isDryRun ? 'Unused resources (dry run)' : 'Cleanup of unused resources',
    text: [
      isDryRun
        ? 'Dry run: nothing is deleted.'
        : `Deleted volumes and released addresses saved at least ${money(savedBy(said))} a month (us-east-1), less the snapshots of the volumes.`,
      ...costs,
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

/** Dollars a month of what was deleted and released. */
export function savedBy(findings: readonly Finding[]): number {
  return dollarsOf(findings.filter(({ outcome }) => outcome === 'deleted' || outcome === 'released'));
}

function dollarsOf(findings: readonly Finding[]): number {
  return findings.reduce((sum, { dollarsAMonth }) => sum + dollarsAMonth, 0);
}

function prefixOf(id: string): string {
  return id.slice(0, id.indexOf('-'));
}

function wordsOf(id: string): typeof volumes {
  return words[prefixOf(id)] ?? volumes;
}

function partsOf(findings: readonly Finding[]): Finding[][] {
  const parts: Finding[][] = [];
  for (let start = 0; start < findings.length; start += linesAtOnce)
    parts.push(findings.slice(start, start + linesAtOnce));
  return parts;
}

function lineOf({ region, id, outcome, dollarsAMonth, detail }: Finding): string {
  const parts = [
    outcome,
    region,
    id,
    `${money(dollarsAMonth)} a month`,
    ...(detail === undefined ? [] : [plain(detail)]),
  ];
  return parts.join('  ');
}

/** Names of instances are anybody's: one with a line break could pass for a line of ours. */
function plain(text: string): string {
  const characters = Array.from(onOneLine(text));
  return characters.slice(0, detailCharacters).join('');
}

function money(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}
