import { faultCatalog, type Answer, type Fault, type FaultAnswers } from '../../scenarios/shared/fault-catalog';
import { pagesOf, type Pages } from '../docs/pages';
import type { RecordedMetrics } from './recorded-metrics';

export interface Architecture {
  readonly slug: string;
  readonly answers: FaultAnswers;
}

const faults = Object.keys(faultCatalog) as Fault[];

/** `docs/faults/`: every fault against every architecture, and how each architecture answers it. */
export function faultPages(architectures: readonly (Architecture & { readonly metrics: RecordedMetrics })[]): Pages {
  return pagesOf({
    kind: 'faults',
    index: [
      '# Faults',
      '',
      'Written by `npm run docs` from `scenarios/<slug>/fault-answers.ts`. ✓ is proved, by proofs of the local run',
      '(`npm run prove -- <slug> --only <proof>`) or by tests; ○ does not arise there; – cannot be shown on one machine. The page of an',
      'architecture has the counts of the last recorded run (`npm run docs -- --record`). `npm run prove -- --soak 10m` injects random',
      'faults for as long as you like.',
      '',
      `| fault | expected | ${architectures.map(({ slug }) => `[${slug}](${slug}.md)`).join(' | ')} |`,
      `| --- | --- |${architectures.map(() => ' :---: |').join('')}`,
      ...faults.map((name) => {
        const marks = architectures.map(({ answers }) => markOf(answers[name]));
        const { term, explanation, expected } = faultCatalog[name];
        return `| **${term}**: ${explanation} | ${expected} | ${marks.join(' | ')} |`;
      }),
    ],
    architectures: architectures.map(({ slug, answers, metrics }) => ({
      slug,
      lines: [
        '| fault | | |',
        '| --- | :---: | --- |',
        ...faults.map(
          (name) => `| ${faultCatalog[name].term} | ${markOf(answers[name])} | ${reasonOf(answers[name])} |`,
        ),
        ...metricLines(metrics),
      ],
    })),
  });
}

function metricLines(metrics: RecordedMetrics): string[] {
  const rows = Object.entries(metrics).map(
    ([name, { on, metrics: counts }]) => `| \`${name}\` | ${counts.join('; ')} | ${on} |`,
  );
  return rows.length === 0 ? [] : ['', '| proof | counts | recorded |', '| --- | --- | --- |', ...rows];
}

function markOf(answer: Answer): string {
  if ('provedBy' in answer) return '✓';
  return 'notApplicable' in answer ? '○' : '–';
}

function reasonOf(answer: Answer): string {
  if ('notApplicable' in answer) return answer.notApplicable;
  if ('notProvableHere' in answer) return answer.notProvableHere;
  const proofs = answer.provedBy.map((name) => (isTest(name) ? `[${baseOf(name)}](../../${name})` : `\`${name}\``));
  return `${proofs.join(', ')}${answer.note === undefined ? '' : `: ${answer.note}`}`;
}

/** Names of the checks that an architecture gives as proof. */
export function proofsNamedBy({ answers }: Architecture): Set<string> {
  const named = Object.values(answers).flatMap((answer) => ('provedBy' in answer ? answer.provedBy : []));
  return new Set(named.filter((name) => !isTest(name)));
}

export function isTest(name: string): boolean {
  return name.startsWith('test/');
}

function baseOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.test\.ts$/, '');
}
