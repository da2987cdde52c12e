import type { ScenarioRun, Verdict } from '../scenario';

/** Holds that nothing was lost and nothing doubled, and puts both among the figures. */
export function holdVerdict(run: ScenarioRun, units: string, { placed, lost, doubled }: Verdict): void {
  run.figure('lost', `${lost.length} of ${placed} ${units}`);
  run.figure('doubled', doubled.length);
  run.holds(lost.length === 0, `none of ${placed} ${units} is lost`, few(lost));
  run.holds(doubled.length === 0, `none of ${placed} ${units} is doubled`, few(doubled));
}

function few(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : `${lines.length}: ${lines.slice(0, 5).join('; ')}`;
}
