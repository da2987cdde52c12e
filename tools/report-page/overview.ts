import type { RunReport } from '../local/run-report';
import type { ScenarioReport } from '../scenario-runner/scenario-report';
import { duration, moment, plural } from './format';
import { markup, type Content, type Markup } from './markup';
import { checkAnchor, type ArchitectureResult, type Status } from './results';
import { badge, mark } from './status';

/** The top of the page: what ran, how it ended, how long it took, when, and on what. */
export function overview(report: RunReport, results: readonly ArchitectureResult[]): Markup {
  const { scenarios, machine, emulator } = report;
  const ran = scenarios !== undefined && scenarios.checks.length > 0;
  const seed = scenarios && `seed ${scenarios.seed}`;
  const host = `${plural(machine.cores, 'core')}, ${machine.memoryGigabytes} GB, ${machine.platform}`;
  return markup`<header class="top">
<p class="kicker">Local run</p>
<h1>${whatRan(results)} ${badge(report.status)}</h1>
<dl class="facts">
${fact('Checks', ran ? countsOf(scenarios) : 'none ran', seed)}
${fact('Total time', duration(report.seconds))}
${fact('Started', markup`<time datetime="${report.startedAt}">${moment(report.startedAt)}</time>`)}
${fact('Emulator', `${emulator.name} ${emulator.version}`, scenarios?.target)}
${fact('Machine', host, `Node ${machine.node}, Python ${machine.python}`)}
</dl>
</header>
`;
}

/** Skipped checks are named only where there are some. */
function countsOf({ passed, failed, skipped }: Pick<ScenarioReport, 'passed' | 'failed' | 'skipped'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** The names while they fit a heading, then their number. */
export function whatRan(results: readonly ArchitectureResult[]): string {
  if (results.length === 0) return 'no architecture';
  return results.length > 3 ? plural(results.length, 'architecture') : results.map(({ slug }) => slug).join(', ');
}

function fact(name: string, value: Content, note?: string): Markup {
  return markup`<div><dt>${name}</dt><dd>${value}${note !== undefined && markup` <small>${note}</small>`}</dd></div>`;
}

/** Everything that went wrong, before anything else; nothing after a good run. */
export function failures(report: RunReport): Markup | undefined {
  const failed = (report.scenarios?.checks ?? []).filter(({ status }) => status === 'failed');
  if (failed.length === 0 && report.failure === undefined) return undefined;
  const checks = failed.map(
    (check) => markup`<li>
<p>${mark('failed')}<a href="#${checkAnchor(check)}">${check.slug} · ${check.title}</a></p>
<pre>${check.error?.message ?? 'no error was recorded'}</pre>
</li>
`,
  );
  return markup`<section class="failures" aria-labelledby="failures">
<h2 id="failures">What failed</h2>
${report.failure !== undefined && markup`<pre>${report.failure}</pre>`}
${checks.length > 0 && markup`<ul>${checks}</ul>`}
</section>
`;
}

/** How a run of several architectures ended at a glance. */
export function architectureTable(results: readonly ArchitectureResult[]): Markup | undefined {
  if (results.length < 2) return undefined;
  const someSkipped = results.some(({ checks }) => checks.some((check) => check.status === 'skipped'));
  const rows = results.map(({ anchor, slug, checks, status }) => {
    const count = (one: Status): number => checks.filter((check) => check.status === one).length;
    const seconds = checks.reduce((sum, check) => sum + check.seconds, 0);
    return markup`<tr><th scope="row">${mark(status)}<a href="#${anchor}">${slug}</a></th>
<td>${count('passed')}</td><td>${count('failed')}</td>${someSkipped && markup`<td>${count('skipped')}</td>`}<td>${checks.length > 0 ? duration(seconds) : '–'}</td></tr>
`;
  });
  return markup`<section aria-labelledby="architectures">
<h2 id="architectures">Architectures</h2>
<table class="counts">
<caption>Checks of each architecture</caption>
<thead><tr><th scope="col">Architecture</th><th scope="col">Passed</th><th scope="col">Failed</th>${someSkipped && markup`<th scope="col">Skipped</th>`}<th scope="col">Time</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</section>
`;
}

/** How the run's time was spent: one bar, and its key. */
export function timeline({ phases, seconds }: RunReport): Markup | undefined {
  const sum = phases.reduce((total, phase) => total + phase.seconds, 0);
  if (sum === 0) return undefined;
  const parts = phases.map((phase, index) => {
    const share = phase.seconds / sum;
    return markup`<span style="flex-grow:${share.toFixed(4)}">${share > 0.04 && index + 1}</span>`;
  });
  const key = phases.map(
    (phase) => markup`<li>${phase.title} <span class="time">${duration(phase.seconds)}</span></li>
`,
  );
  return markup`<section aria-labelledby="time">
<h2 id="time">Where the time went</h2>
<div class="timeline" aria-hidden="true">${parts}</div>
<ol class="key">
${key}</ol>
${sum > seconds * 1.02 && markup`<p class="note">Some of these ran side by side: together they are more than the total.</p>`}
</section>
`;
}
