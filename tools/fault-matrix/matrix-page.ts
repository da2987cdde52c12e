import { faultCatalog, type Answer, type Fault, type FaultAnswers } from '../../scenarios/shared/fault-catalog';
import type { Figures } from './figures';

export interface Architecture {
  readonly slug: string;
  readonly answers: FaultAnswers;
}

/** `docs/faults.md`: every fault against every architecture, then how each is answered. */
export function matrixPage(architectures: readonly Architecture[], figures: Figures): string {
  const faults = Object.keys(faultCatalog) as Fault[];
  return [
    '# Faults',
    '',
    'Written by `npm run faults` from `scenarios/<slug>/fault-answers.ts`. ✓ is proved, by proofs of the local run',
    '(`npm run prove -- <slug> --only <proof>`) or by tests; ○ does not arise there; – cannot be shown on one machine. Figures are',
    'those of the run that was recorded last (`npm run faults -- --record`); `npm run prove -- --soak 10m` goes on with faults of',
    'chance for as long as one likes.',
    '',
    `| fault | expected | ${architectures.map(({ slug }) => `[${slug}](#${slug})`).join(' | ')} |`,
    `| --- | --- |${architectures.map(() => ' :---: |').join('')}`,
    ...faults.map((name) => {
      const marks = architectures.map(({ answers }) => markOf(answers[name]));
      const { term, explanation, expected } = faultCatalog[name];
      return `| **${term}**: ${explanation} | ${expected} | ${marks.join(' | ')} |`;
    }),
    ...architectures.flatMap(({ slug, answers }) => [
      '',
      `## ${slug}`,
      '',
      '| fault | | |',
      '| --- | :---: | --- |',
      ...faults.map((name) => `| ${faultCatalog[name].term} | ${markOf(answers[name])} | ${reasonOf(answers[name])} |`),
      ...figuresOf(figures[slug] ?? {}),
    ]),
    '',
  ].join('\n');
}

function figuresOf(checks: Figures[string]): string[] {
  const rows = Object.entries(checks).map(
    ([name, { on, figures }]) => `| \`${name}\` | ${figures.join('; ')} | ${on} |`,
  );
  return rows.length === 0 ? [] : ['', '| proof | figures | recorded |', '| --- | --- | --- |', ...rows];
}

function markOf(answer: Answer): string {
  if ('provedBy' in answer) return '✓';
  return 'notApplicable' in answer ? '○' : '–';
}

function reasonOf(answer: Answer): string {
  if ('notApplicable' in answer) return answer.notApplicable;
  if ('notProvableHere' in answer) return answer.notProvableHere;
  const proofs = answer.provedBy.map((name) => (isTest(name) ? `[${baseOf(name)}](../${name})` : `\`${name}\``));
  return `${proofs.join(', ')}${answer.note === undefined ? '' : `: ${answer.note}`}`;
}

/** The checks that an architecture names as proof. */
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
