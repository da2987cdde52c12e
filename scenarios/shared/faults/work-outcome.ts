import type { ScenarioRun, WorkOutcome } from '../scenario';

/** Asserts that nothing was lost or duplicated, and records both as metrics. */
export function assertWorkOutcome(run: ScenarioRun, units: string, { placed, lost, duplicated }: WorkOutcome): void {
  run.metric('lost', `${lost.length} of ${placed} ${units}`);
  run.metric('duplicated', duplicated.length);
  run.assert(lost.length === 0, `none of ${placed} ${units} is lost`, firstOf(lost));
  run.assert(duplicated.length === 0, `none of ${placed} ${units} is duplicated`, firstOf(duplicated));
}

function firstOf(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : `${lines.length}: ${lines.slice(0, 5).join('; ')}`;
}
