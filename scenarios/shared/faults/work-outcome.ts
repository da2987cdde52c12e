import type { ScenarioRun, WorkOutcome } from '../scenario';

/** Holds that nothing was lost and nothing duplicated, and puts both among the figures. */
export function assertWorkOutcome(run: ScenarioRun, units: string, { placed, lost, duplicated }: WorkOutcome): void {
  run.metric('lost', `${lost.length} of ${placed} ${units}`);
  run.metric('duplicated', duplicated.length);
  run.assert(lost.length === 0, `none of ${placed} ${units} is lost`, few(lost));
  run.assert(duplicated.length === 0, `none of ${placed} ${units} is duplicated`, few(duplicated));
}

function few(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : `${lines.length}: ${lines.slice(0, 5).join('; ')}`;
}
