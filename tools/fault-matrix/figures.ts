import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ScenarioReport } from '../scenario-runner/scenario-report';

const figuresSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.strictObject({
      /** The day of the run, in UTC. */
      on: z.iso.date(),
      /** Such as `workers killed: 12`, in the order in which the check gave them. */
      figures: z.array(z.string()),
    }),
  ),
);

/** What proofs last measured, by architecture and check. */
export type Figures = z.infer<typeof figuresSchema>;

export function figuresFile(root: string): string {
  return join(root, 'tools', 'fault-matrix', 'figures.json');
}

/** The figures that are recorded; none where nobody has recorded any. */
export function readFigures(root: string): Figures {
  const file = figuresFile(root);
  return existsSync(file) ? figuresSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}

/** A duration says as much about the machine as about the proof: counts alone are recorded. */
const unitsOfTime = ['s', 'ms', 'a second'];

/** Those figures with the ones of a run in place of older ones: of each check that passed, and that is asked for. */
export function withRun(
  recorded: Figures,
  run: ScenarioReport,
  named: ReadonlyMap<string, ReadonlySet<string>>,
): Figures {
  const merged: Figures = {};
  const on = run.startedAt.slice(0, 10);
  for (const [slug, names] of named) {
    const kept = Object.entries(recorded[slug] ?? {}).filter(([name]) => names.has(name));
    const fresh = run.checks
      .filter((check) => check.slug === slug && check.status === 'passed' && names.has(check.name))
      .map(({ name, metrics }) => ({ name, counts: metrics.filter(({ unit = '' }) => !unitsOfTime.includes(unit)) }))
      .filter(({ counts }) => counts.length > 0)
      .map(({ name, counts }) => [name, { on, figures: counts.map(textOf) }] as const);
    const all = Object.fromEntries([...kept, ...fresh]);
    const sorted = Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1));
    if (sorted.length > 0) merged[slug] = Object.fromEntries(sorted);
  }
  return merged;
}

function textOf({ name, value, unit }: ScenarioReport['checks'][number]['metrics'][number]): string {
  return `${name}: ${value}${unit === undefined ? '' : ` ${unit}`}`;
}
