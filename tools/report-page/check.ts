import type { CheckReport, StepReport } from '../scenario-runner/scenario-report';
import type { Album } from './album';
import { duration, number, plural } from './format';
import { gallery } from './gallery';
import { markup, type Markup } from './markup';
import { checkAnchor } from './results';
import { badge, mark } from './status';

/** More claims that held are folded; one that did not is always in sight. */
const listedAtOnce = 12;

/** One check, open where there is something to see: the tour, and whatever failed. */
export function checkDetails(check: CheckReport, album: Album): Markup {
  const { kind, title, name, variant, status, seconds, claims, steps } = check;
  const held = claims.filter((claim) => claim.held).length;
  const counts = `${held} of ${plural(claims.length, 'claim')} held · ${plural(steps.length, 'step')}`;
  return markup`<details class="check ${status}" id="${checkAnchor(check)}"${(kind === 'tour' || status === 'failed') && markup` open`}>
<summary>
<h4>${badge(status)} <span>${title}</span></h4>
<p>${kind}${variant !== undefined && markup` of ${variant}`}${name !== kind && markup` <code>${name}</code>`} · ${counts} · <span class="time">${duration(seconds)}</span></p>
</summary>
<div class="body">
${errorOf(check)}
${figures(check)}
<div class="columns">
${stepTable(check)}
${claimList(check)}
</div>
${gallery(check, album)}
</div>
</details>
`;
}

function errorOf({ error, status, skipped }: CheckReport): Markup | undefined {
  if (status === 'passed') return undefined;
  if (status === 'skipped') return markup`<p>It was not run: ${skipped ?? 'no reason was recorded'}.</p>`;
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

function figures(check: CheckReport): Markup | undefined {
  if (check.figures.length === 0) return undefined;
  const tiles = check.figures.map(({ name, value, unit }) => {
    const shown = typeof value === 'number' ? number(value) : value;
    return markup`<div><dt>${name}</dt><dd>${shown}${unit !== undefined && markup` <small>${unit}</small>`}</dd></div>
`;
  });
  return markup`<section class="figures"><h5>Figures</h5>
<dl>
${tiles}</dl></section>`;
}

function claimList({ claims }: CheckReport): Markup | undefined {
  if (claims.length === 0) return undefined;
  const held = claims.filter((claim) => claim.held);
  const broken = claims.filter((claim) => !claim.held);
  const folded = held.length > listedAtOnce;
  const list = claimItems(folded ? held : claims);
  return markup`<section class="claims"><h5>Claims</h5>
${folded && broken.length > 0 && claimItems(broken)}
${folded ? markup`<details><summary>${plural(held.length, 'claim')} held</summary>${list}</details>` : list}</section>`;
}

function claimItems(claims: CheckReport['claims']): Markup {
  const items = claims.map(({ claim, held, detail }) => {
    const sign = held ? mark('passed', 'held') : mark('failed', 'did not hold');
    return markup`<li>${sign}<span>${claim}${detail !== undefined && markup` <small>${detail}</small>`}</span></li>
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
