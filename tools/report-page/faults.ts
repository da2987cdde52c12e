import type { CheckReport } from '../scenario-runner/scenario-report';
import type { FaultReport } from '../local/run-report';
import { number } from './format';
import { markup, type Content, type Markup } from './markup';
import { checkAnchor, faultAnchor, type ArchitectureResult } from './results';
import { mark } from './status';

/** How a fault stands in this run: by what ran here, or by what is only known of it. */
export type Standing = 'passed' | 'failed' | 'elsewhere' | 'notApplicable' | 'notProvable';

const signs: Readonly<Record<Standing, readonly [sign: string, word: string]>> = {
  passed: ['✓', 'proved in this run'],
  failed: ['✗', 'failed in this run'],
  elsewhere: ['•', 'proved by tests, or by proofs that did not run here'],
  notApplicable: ['○', 'does not arise'],
  notProvable: ['–', 'cannot be shown here'],
};

/** Failed where one of its proofs failed, passed where one passed and none failed. */
export function standingOf({ answer }: FaultReport, checks: readonly CheckReport[]): Standing {
  if ('notApplicable' in answer) return 'notApplicable';
  if ('notProvableHere' in answer) return 'notProvable';
  const statuses = answer.provedBy
    .flatMap((name) => checks.filter((check) => check.name === name))
    .map((check) => check.status);
  if (statuses.includes('failed')) return 'failed';
  return statuses.includes('passed') ? 'passed' : 'elsewhere';
}

/** Every fault against every architecture of the run; each sign leads to how it is answered. */
export function faultMatrix(results: readonly ArchitectureResult[]): Markup | undefined {
  const answering = results.filter(({ deployed }) => (deployed?.faults ?? []).length > 0);
  const [first] = answering;
  if (first === undefined) return undefined;
  const rows = (first.deployed?.faults ?? []).map(({ name, term, explanation, expected }) => {
    const cells = answering.map((result) => cell(result, name));
    return markup`<tr><th scope="row">${term}<small>${explanation}: ${expected}</small></th>${cells}</tr>
`;
  });
  const legend = Object.values(signs).map(
    ([sign, word]) => markup`<li><span aria-hidden="true">${sign}</span> ${word}</li>`,
  );
  return markup`<section aria-labelledby="faults">
<h2 id="faults">Faults</h2>
<p class="note">What goes wrong sooner or later, and what must be true then.</p>
<ul class="legend">${legend}</ul>
<div class="scroller" role="region" aria-label="Faults of each architecture" tabindex="0">
<table class="matrix" style="--columns:${answering.length}">
<caption class="hidden">Every fault against every architecture</caption>
<thead><tr><th scope="col">Fault</th>${answering.map(({ slug }) => markup`<th scope="col">${slug}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>
</section>
`;
}

function cell({ anchor, checks, deployed }: ArchitectureResult, name: string): Markup {
  const found = deployed?.faults?.find((one) => one.name === name);
  if (found === undefined) return markup`<td></td>`;
  const standing = standingOf(found, checks);
  const [sign, word] = signs[standing];
  return markup`<td><a class="standing ${standing}" href="#${faultAnchor(anchor, name)}"><span aria-hidden="true">${sign}</span><span class="hidden">${word}</span></a></td>`;
}

/** How one architecture answers each fault, with the metrics of the proofs that ran. */
export function faultAnswers({ anchor, checks, deployed }: ArchitectureResult): Markup | undefined {
  const faults = deployed?.faults ?? [];
  if (faults.length === 0) return undefined;
  const proved = faults.filter(({ answer }) => 'provedBy' in answer);
  const others = faults.filter(({ answer }) => !('provedBy' in answer));
  const list = (some: readonly FaultReport[]): Markup => markup`<dl class="faults">
${some.map((fault) => entry(fault, anchor, checks))}</dl>`;
  return markup`<h3>Faults</h3>
${list(proved)}
${
  others.length > 0 &&
  markup`<h4>Not proved by a run</h4>
${list(others)}`
}
`;
}

function entry(fault: FaultReport, anchor: string, checks: readonly CheckReport[]): Markup {
  const [sign, word] = signs[standingOf(fault, checks)];
  return markup`<div id="${faultAnchor(anchor, fault.name)}"><dt><span class="standing ${standingOf(fault, checks)}"><span aria-hidden="true">${sign}</span><span class="hidden">${word}: </span></span>${fault.term}<small>${fault.explanation}: ${fault.expected}</small></dt>
<dd>${reason(fault, checks)}</dd></div>
`;
}

function reason({ answer }: FaultReport, checks: readonly CheckReport[]): Content {
  if ('notApplicable' in answer) return markup`Does not arise: ${answer.notApplicable}.`;
  if ('notProvableHere' in answer) return markup`Cannot be shown here: ${answer.notProvableHere}.`;
  const note = answer.note === undefined ? undefined : markup`<li class="aside">${answer.note}</li>`;
  return markup`<ul>${answer.provedBy.map((name) => proof(name, checks))}${note}</ul>`;
}

function proof(name: string, checks: readonly CheckReport[]): Markup[] | Markup {
  if (name.startsWith('test/')) return markup`<li>Test <code>${name}</code></li>`;
  const ran = checks.filter((check) => check.name === name);
  if (ran.length === 0) return markup`<li>Proof <code>${name}</code>, which this run did not run</li>`;
  return ran.map((check) => {
    const metrics = check.metrics.map(({ name: what, value, unit }) => {
      const shown = typeof value === 'number' ? number(value) : value;
      return `${what} ${shown}${unit === undefined ? '' : ` ${unit}`}`;
    });
    return markup`<li>${mark(check.status)}<a href="#${checkAnchor(check)}">${check.title}</a>${metrics.length > 0 && markup` <small>${metrics.join(' · ')}</small>`}</li>`;
  });
}
