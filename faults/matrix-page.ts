import { catalogue, type Answer, type Fault, type FaultAnswers } from './catalogue';

export interface Architecture {
  readonly slug: string;
  readonly answers: FaultAnswers;
}

/** `docs/faults.md`: every fault against every architecture, then how each is answered. */
export function matrixPage(architectures: readonly Architecture[]): string {
  const faults = Object.keys(catalogue) as Fault[];
  return [
    '# Faults',
    '',
    'Written by `npm run faults` from `scenarios/<slug>/fault-answers.ts`. ✓ is proved, by proofs of the local run',
    '(`npm run prove -- <slug> --only <proof>`) or by tests; ○ does not arise there; – cannot be shown on one machine. Figures of a',
    'run are in its report page.',
    '',
    `| fault | expected | ${architectures.map(({ slug }) => `[${slug}](#${slug})`).join(' | ')} |`,
    `| --- | --- |${architectures.map(() => ' :---: |').join('')}`,
    ...faults.map((name) => {
      const marks = architectures.map(({ answers }) => markOf(answers[name]));
      return `| ${catalogue[name].fault} | ${catalogue[name].expected} | ${marks.join(' | ')} |`;
    }),
    ...architectures.flatMap(({ slug, answers }) => [
      '',
      `## ${slug}`,
      '',
      '| fault | | |',
      '| --- | :---: | --- |',
      ...faults.map((name) => `| ${catalogue[name].fault} | ${markOf(answers[name])} | ${reasonOf(answers[name])} |`),
    ]),
    '',
  ].join('\n');
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

export function isTest(name: string): boolean {
  return name.startsWith('test/');
}

function baseOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.test\.ts$/, '');
}
