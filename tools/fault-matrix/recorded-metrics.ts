import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ScenarioReport } from '../scenario-runner/scenario-report';

const metricsSchema = z.record(
  z.string(),
  z.strictObject({
    /** The day of the run, in UTC. */
    on: z.iso.date(),
    /** `workers killed: 12`, in the order in which the check recorded them. */
    metrics: z.array(z.string()),
  }),
);

/** Counts of an architecture's last recorded proofs, by check. */
export type RecordedMetrics = z.infer<typeof metricsSchema>;

/** Reads `scenarios/<slug>/recorded-metrics.json`; none if nothing is recorded. */
export function readMetrics(root: string, slug: string): RecordedMetrics {
  const file = fileOf(root, slug);
  return existsSync(file) ? metricsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}

export function writeMetrics(root: string, slug: string, metrics: RecordedMetrics): void {
  writeFileSync(fileOf(root, slug), `${JSON.stringify(metrics, null, 2)}\n`);
}

/** Durations say as much about the machine as about the proof: only counts are recorded. */
const unitsOfTime = ['s', 'ms', 'a second'];

/**
 * Merges the metrics of a run into the recorded ones, for each check that passed.
 *
 * @param named checks to keep: those that the architecture gives as proof of a fault
 */
export function withRun(
  recorded: RecordedMetrics,
  run: ScenarioReport,
  slug: string,
  named: ReadonlySet<string>,
): RecordedMetrics {
  const on = run.startedAt.slice(0, 10);
  const kept = Object.entries(recorded).filter(([name]) => named.has(name));
  const fresh = run.checks
    .filter((check) => check.slug === slug && check.status === 'passed' && named.has(check.name))
    .map(({ name, metrics }) => ({ name, counts: metrics.filter(({ unit = '' }) => !unitsOfTime.includes(unit)) }))
    .filter(({ counts }) => counts.length > 0)
    .map(({ name, counts }) => [name, { on, metrics: counts.map(textOf) }] as const);
  const all = Object.entries(Object.fromEntries([...kept, ...fresh]));
  return Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function textOf({ name, value, unit }: ScenarioReport['checks'][number]['metrics'][number]): string {
  return `${name}: ${value}${unit === undefined ? '' : ` ${unit}`}`;
}

function fileOf(root: string, slug: string): string {
  return join(root, 'scenarios', slug, 'recorded-metrics.json');
}
