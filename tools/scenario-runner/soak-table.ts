import type { Colors } from 'picocolors/types';
import { faultCatalog, type Fault } from '../../scenarios/shared/fault-catalog';
import type { SoakedRound } from './run-soak';
import { sumByFault } from './soak-round';

/** Results of a soak by architecture. */
export function soakTable(rounds: readonly SoakedRound[], colors: Colors): string {
  const slugs = [...new Set(rounds.map(({ slug }) => slug))];
  return slugs.flatMap((slug) => sectionOf(slug, rounds, colors)).join('\n');
}

function sectionOf(slug: string, all: readonly SoakedRound[], colors: Colors): string[] {
  const rounds = all.filter((one) => one.slug === slug);
  const outcomes = rounds.flatMap(({ outcome }) => outcome ?? []);
  const total = (count: (work: (typeof outcomes)[number]['work']) => number): number =>
    outcomes.reduce((sum, { work }) => sum + count(work), 0);
  const injected = sumByFault(outcomes.map((outcome) => outcome.injected));
  const lost = total((work) => work.lost.length);
  const duplicated = total((work) => work.duplicated.length);
  const failed = rounds.some(({ check }) => check.status === 'failed');
  const units = rounds[0]?.units ?? '';
  const head = `${failed ? colors.red('✗') : colors.green('✓')} ${slug}: ${rounds.length} rounds, ${total((work) => work.placed)} ${units}, ${lost} lost, ${duplicated} duplicated`;
  const faults = Object.entries(injected).filter(([, count]) => count > 0);
  const width = Math.max(0, ...faults.map(([, count]) => String(count).length));
  return [
    head,
    ...faults.map(([name, count]) => `    ${String(count).padStart(width)} × ${faultCatalog[name as Fault].term}`),
  ];
}
