import type { Colors } from 'picocolors/types';
import type { ScenarioReport } from './scenario-report';
import { firstLine } from './progress';

/** One row a check, then what failed and why, then the sum. */
export function resultTable(
  { checks, passed, failed, skipped, seconds, seed }: ScenarioReport,
  colors: Colors,
): string {
  const names = checks.map(({ slug, name }) => `${slug} · ${name}`);
  const marks = {
    passed: colors.green('✓ passed'),
    failed: colors.red('✗ failed'),
    skipped: colors.yellow('– skipped'),
  };
  const width = Math.max(0, ...names.map((name) => name.length));
  const rows = checks.map((check, index) => {
    const mark = marks[check.status];
    if (check.status === 'skipped') return `${mark} ${names[index]?.padEnd(width) ?? ''}  ${check.skipped ?? ''}`;
    const held = `${check.assertions.filter(({ passed }) => passed).length}/${check.assertions.length} assertions`;
    return `${mark}  ${names[index]?.padEnd(width) ?? ''}  ${held.padStart(14)}  ${`${check.seconds.toFixed(1)} s`.padStart(8)}`;
  });
  const reasons = checks.flatMap(({ error, steps }, index) => {
    if (error === undefined) return [];
    const step = steps.findLast(({ status }) => status === 'failed')?.title;
    return [
      `${colors.red('✗')} ${names[index] ?? ''}${step === undefined ? '' : `, in "${step}"`}: ${firstLine(error.message)}`,
    ];
  });
  const sum = `${countsOf({ passed, failed, skipped })} in ${seconds.toFixed(1)} s (seed ${seed})`;
  return [
    ...rows,
    ...(reasons.length > 0 ? ['', ...reasons] : []),
    '',
    failed > 0 ? colors.red(sum) : colors.green(sum),
  ].join('\n');
}

/** Skipped checks are told only where there are some: nobody should read past a zero. */
export function countsOf({ passed, failed, skipped }: Pick<ScenarioReport, 'passed' | 'failed' | 'skipped'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
