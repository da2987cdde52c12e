import type { RunReport } from '../local/run-report';
import { duration } from './format';
import { markup, type Markup } from './markup';
import type { ArchitectureResult, Status } from './results';

interface Bar {
  readonly title: string;
  readonly start: number;
  readonly seconds: number;
  readonly status?: Status;
}

/** Time of the run as a Gantt chart: one row for each phase, and one for the checks of each architecture. */
export function gantt({ phases, seconds }: RunReport, results: readonly ArchitectureResult[]): Markup | undefined {
  if (phases.length === 0) return undefined;
  const total = Math.max(seconds, ...phases.map((phase) => phase.start + phase.seconds));
  const ofChecks = results
    .filter(({ checks }) => checks.length > 0)
    .map(({ slug, checks }) => row(slug, checks, total, 'checks'));
  return markup`<section aria-labelledby="time">
<h2 id="time">Time</h2>
<ol class="gantt">
${phases.map((phase) => row(phase.title, [phase], total, 'phase'))}${ofChecks}</ol>
</section>
`;
}

function row(label: string, bars: readonly Bar[], total: number, kind: 'phase' | 'checks'): Markup {
  const percent = (time: number): string => `${((time / total) * 100).toFixed(2)}%`;
  const drawn = bars.map(
    ({ title, start, seconds, status }) =>
      markup`<span class="${status === 'failed' ? 'bar failed' : 'bar'}" style="left:${percent(start)};width:${percent(seconds)}" title="${title}: ${duration(seconds)}"></span>`,
  );
  const sum = bars.reduce((seconds, bar) => seconds + bar.seconds, 0);
  return markup`<li class="${kind}"><span>${label}</span><span class="track" aria-hidden="true">${drawn}</span><span class="time">${duration(sum)}</span></li>
`;
}
