import type { RunReport } from '../local/run-report';
import { otherErrors } from '../scenario-runner/function-observer';
import type { ScenarioReport } from '../scenario-runner/scenario-report';
import { duration, moment, plural } from './format';
import { markup, type Content, type Markup } from './markup';
import { checkAnchor, type ArchitectureResult } from './results';
import { badge, mark } from './status';

/** Sticky navigation: the sections of the page, with the result of each architecture. */
export function navigation(results: readonly ArchitectureResult[], hasRules: boolean): Markup {
  const links = results.map(
    ({ anchor, slug, status }) => markup`<li><a href="#${anchor}">${mark(status)}${slug}</a></li>
`,
  );
  return markup`<nav class="sections" aria-label="Sections">
<ul>
<li><a href="#overview">Overview</a></li>
${links}${hasRules && markup`<li><a href="#emulator">Emulator</a></li>`}
</ul>
</nav>
`;
}

/** Top of the page: architectures, result, time and machine. */
export function header(report: RunReport, results: readonly ArchitectureResult[]): Markup {
  const { scenarios, machine, emulator, account } = report;
  const ran = scenarios !== undefined && scenarios.checks.length > 0;
  const seed = scenarios && `seed ${scenarios.seed}`;
  const host = `${plural(machine.cores, 'core')}, ${machine.memoryGigabytes} GB, ${machine.platform}`;
  return markup`<header class="top">
<h1 id="overview">${titleOf(results)} ${badge(report.status)}</h1>
<dl class="facts">
${fact('Checks', ran ? countsOf(scenarios) : 'none ran', seed)}
${fact('Total time', duration(report.seconds), markup`<time datetime="${report.startedAt}">${moment(report.startedAt)}</time>`)}
${emulator && fact('Emulator', `${emulator.name} ${emulator.version}`)}${account && fact('AWS account', account.id, account.region)}
${fact('Machine', host, `Node ${machine.node}${machine.python === undefined ? '' : `, Python ${machine.python}`}`)}
</dl>
</header>
`;
}

/** Skipped checks are named only where there are some. */
function countsOf({ passed, failed, skipped }: Pick<ScenarioReport, 'passed' | 'failed' | 'skipped'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Names of up to three architectures, then their number. */
export function titleOf(results: readonly ArchitectureResult[]): string {
  if (results.length === 0) return 'no architecture';
  return results.length > 3 ? plural(results.length, 'architecture') : results.map(({ slug }) => slug).join(', ');
}

function fact(name: string, value: Content, note?: Content): Markup {
  return markup`<div><dt>${name}</dt><dd>${value}${note !== undefined && markup` <small>${note}</small>`}</dd></div>`;
}

/** Failed checks and the failure of the run itself; undefined after a good run. */
export function failures(report: RunReport): Markup | undefined {
  const failed = (report.scenarios?.checks ?? []).filter(({ status }) => status === 'failed');
  if (failed.length === 0 && report.failure === undefined) return undefined;
  const checks = failed.map((check) => {
    const { slug, title, error } = check;
    const errors = [error?.message ?? 'no error was recorded', ...otherErrors(check)];
    return markup`<li>
<p>${mark('failed')}<a href="#${checkAnchor(check)}">${slug} · ${title}</a></p>
<pre>${errors.join('\n')}</pre>
</li>
`;
  });
  return markup`<section class="failures" aria-labelledby="failures">
<h2 id="failures">Failures</h2>
${report.failure !== undefined && markup`<pre>${report.failure}</pre>`}
${checks.length > 0 && markup`<ul>${checks}</ul>`}
</section>
`;
}
