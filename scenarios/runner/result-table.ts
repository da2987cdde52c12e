import type { Colors } from 'picocolors/types';
import type { ScenarioReport } from '../scenario-report';
import { firstLine } from './progress';

/** One row a check, then what failed and why, then the sum. */
export function resultTable({ checks, passed, failed, seconds, seed }: ScenarioReport, colors: Colors): string {
  const names = checks.map(({ slug, name }) => `${slug} · ${name}`);
  const width = Math.max(0, ...names.map((name) => name.length));
  const rows = checks.map((check, index) => {
    const mark = check.status === 'passed' ? colors.green('✓ passed') : colors.red('✗ failed');
    const held = `${check.claims.filter(({ held }) => held).length}/${check.claims.length} claims`;
    return `${mark}  ${names[index]?.padEnd(width) ?? ''}  ${held.padStart(14)}  ${`${check.seconds.toFixed(1)} s`.padStart(8)}`;
  });
  const reasons = checks.flatMap(({ error, steps }, index) => {
    if (error === undefined) return [];
    const step = steps.findLast(({ status }) => status === 'failed')?.title;
    return [
      `${colors.red('✗')} ${names[index] ?? ''}${step === undefined ? '' : `, in "${step}"`}: ${firstLine(error.message)}`,
    ];
  });
  const sum = `${passed} passed, ${failed} failed in ${seconds.toFixed(1)} s (seed ${seed})`;
  return [
    ...rows,
    ...(reasons.length > 0 ? ['', ...reasons] : []),
    '',
    failed > 0 ? colors.red(sum) : colors.green(sum),
  ].join('\n');
}
