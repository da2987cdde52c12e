import { shellQuoted } from '../local/connection';
import type { MachineReport } from '../local/run-report';
import type { CheckReport, StepReport } from '../scenario-runner/scenario-report';
import { duration, number, plural } from './format';
import { gallery } from './gallery';
import { markup, type Markup } from './markup';
import { pathFigures } from './path';
import type { Pictures } from './pictures';
import { checkAnchor } from './results';
import { badge, mark } from './status';

/** More passed assertions are folded; a failed one is always in sight. */
const listedAtOnce = 12;

export interface CheckContext {
  readonly loaded: Pictures;
  readonly seed: number | undefined;
  /** State machines of the architecture. */
  readonly machines: readonly MachineReport[];
}

/** One check; a failed one and a smoke test are open. */
export function checkDetails(check: CheckReport, { loaded, seed, machines }: CheckContext): Markup {
  const { kind, title, name, variant, status, seconds, assertions, steps } = check;
  const passed = assertions.filter((assertion) => assertion.passed).length;
  const counts = `${passed} of ${plural(assertions.length, 'assertion')} passed · ${plural(steps.length, 'step')}`;
  return markup`<details class="check ${status}" id="${checkAnchor(check)}"${(kind === 'smoke-test' || status === 'failed') && markup` open`}>
<summary>
<h4>${badge(status)} <span>${title}</span></h4>
<p>${kind.replace('-', ' ')}${variant !== undefined && markup` of ${variant}`}${name !== kind && markup` <code>${name}</code>`} · ${counts} · <span class="time">${duration(seconds)}</span></p>
</summary>
<div class="body">
${errorOf(check)}
${status === 'failed' && functionErrors(check)}
${status === 'failed' && markup`<p class="repeat">Repeat with <code>${repeatCommand(check, seed)}</code></p>`}
${metrics(check)}
${stepsAndAssertions(check)}
${pathFigures(check, machines)}
${gallery(check, loaded)}
</div>
</details>
`;
}

/** Folded in a smoke test that passed: its page is to be short enough to scroll through. */
function stepsAndAssertions(check: CheckReport): Markup {
  const columns = markup`<div class="columns">
${stepTable(check)}
${assertionList(check)}
</div>`;
  if (check.kind === 'proof' || check.status !== 'passed') return columns;
  return markup`<details class="folded"><summary>Steps and assertions</summary>
${columns}</details>`;
}

function repeatCommand({ kind, slug, name }: CheckReport, seed: number | undefined): string {
  const command = kind === 'proof' ? 'npm run prove' : 'npm run local';
  const only = /^[\w-]+$/.test(name) ? name : shellQuoted(name);
  return `${command} -- ${slug} --only ${only}${seed === undefined ? '' : ` --seed ${seed}`}`;
}

function errorOf({ error, status, skipped }: CheckReport): Markup | undefined {
  if (status === 'passed') return undefined;
  if (status === 'skipped') return markup`<p>Skipped: ${skipped ?? 'no reason was recorded'}.</p>`;
  if (error === undefined) return markup`<p class="error">It failed without an error.</p>`;
  return markup`<div class="error">
<h5>Error</h5>
<pre>${error.message}</pre>
${
  error.stack !== undefined &&
  markup`<details><summary>Stack trace</summary>
<pre class="stack">${error.stack}</pre></details>`
}
</div>`;
}

function functionErrors({ functionErrors: errors = [] }: CheckReport): Markup | undefined {
  if (errors.length === 0) return undefined;
  const items = errors.map(
    ({
      function: name,
      error,
      count,
      lines,
    }) => markup`<li><p>${name} failed: ${error}${count > 1 && markup` <small>${number(count)} times</small>`}</p>
${lines.length > 0 && markup`<details><summary>Last log lines</summary><pre class="stack">${lines.join('\n')}</pre></details>`}</li>
`,
  );
  return markup`<section class="function-errors"><h5>Errors of functions</h5>
<ul>
${items}</ul></section>`;
}

function metrics(check: CheckReport): Markup | undefined {
  if (check.metrics.length === 0) return undefined;
  const tiles = check.metrics.map(({ name, value, unit }) => {
    const shown = typeof value === 'number' ? number(value) : value;
    return markup`<div><dt>${name}</dt><dd>${shown}${unit !== undefined && markup` <small>${unit}</small>`}</dd></div>
`;
  });
  return markup`<section class="metrics"><h5>Metrics</h5>
<dl>
${tiles}</dl></section>`;
}

function assertionList({ assertions }: CheckReport): Markup | undefined {
  if (assertions.length === 0) return undefined;
  const passed = assertions.filter((assertion) => assertion.passed);
  const failed = assertions.filter((assertion) => !assertion.passed);
  const folded = passed.length > listedAtOnce;
  const list = assertionItems(folded ? passed : assertions);
  return markup`<section class="assertions"><h5>Assertions</h5>
${folded && failed.length > 0 && assertionItems(failed)}
${folded ? markup`<details><summary>${plural(passed.length, 'assertion')} passed</summary>${list}</details>` : list}</section>`;
}

function assertionItems(assertions: CheckReport['assertions']): Markup {
  const items = assertions.map(({ assertion, passed, expected, got }) => {
    const sign = passed ? mark('passed', 'passed') : mark('failed', 'failed');
    const values = passed || expected === undefined ? got : `expected ${expected}, got ${got ?? ''}`;
    return markup`<li>${sign}<span>${assertion}${values !== undefined && values !== '' && markup` <small>${values}</small>`}</span></li>
`;
  });
  return markup`<ul>
${items}</ul>`;
}

function stepTable({ steps, title }: CheckReport): Markup | undefined {
  if (steps.length === 0) return undefined;
  const longest = Math.max(...steps.map(({ seconds }) => seconds), Number.EPSILON);
  const rows = steps.map((step, index) => {
    const error = step.error === steps[index + 1]?.error ? undefined : step.error;
    return markup`<tr class="${step.status}"><th scope="row" style="--depth:${Math.min(step.depth, 8)}">${nested(step)}${mark(step.status)}<span>${step.title}</span>${error !== undefined && markup`<pre>${error}</pre>`}</th>
<td style="--share:${(step.seconds / longest).toFixed(3)}">${duration(step.seconds)}</td></tr>
`;
  });
  return markup`<section class="steps"><h5>Steps</h5>
<table>
<caption class="hidden">Steps of: ${title}</caption>
<thead class="hidden"><tr><th scope="col">Step</th><th scope="col">Time</th></tr></thead>
<tbody>
${rows}</tbody>
</table></section>`;
}

function nested({ depth }: StepReport): Markup | false {
  return depth > 0 && markup`<span class="hidden">level ${depth + 1}, </span>`;
}
