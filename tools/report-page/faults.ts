import type { CheckReport } from '../scenario-runner/scenario-report';
import type { FaultReport } from '../local/run-report';
import { number } from './format';
import { markup, type Content, type Markup } from './markup';
import { checkAnchor, faultAnchor, type ArchitectureResult } from './results';
import { mark } from './status';

/** Status of a fault in this run. */
export type FaultStatus = 'passed' | 'failed' | 'elsewhere' | 'notApplicable' | 'notProvable';

const signs: Readonly<Record<FaultStatus, readonly [sign: string, word: string]>> = {
  passed: ['✓', 'proved in this run'],
  failed: ['✗', 'failed in this run'],
  elsewhere: ['•', 'proved by tests, or by proofs that this run left out'],
  notApplicable: ['○', 'not applicable'],
  notProvable: ['–', 'cannot be shown on one machine'],
};

/** `failed` where one of its proofs failed, `passed` where one passed and none failed. */
export function faultStatus({ answer }: FaultReport, checks: readonly CheckReport[]): FaultStatus {
  if ('notApplicable' in answer) return 'notApplicable';
  if ('notProvableHere' in answer) return 'notProvable';
  const statuses = answer.provedBy
    .flatMap((name) => checks.filter((check) => check.name === name))
    .map((check) => check.status);
  if (statuses.includes('failed')) return 'failed';
  return statuses.includes('passed') ? 'passed' : 'elsewhere';
}

/** Every fault against every architecture; undefined where no proof ran. Each sign links to the answer. */
export function faultMatrix(results: readonly ArchitectureResult[]): Markup | undefined {
  const answering = results.filter((result) => hasProofs(result) && (result.deployed?.faults ?? []).length > 0);
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

function hasProofs({ checks }: ArchitectureResult): boolean {
  return checks.some(({ kind }) => kind === 'proof');
}

function cell({ anchor, checks, deployed }: ArchitectureResult, name: string): Markup {
  const found = deployed?.faults?.find((one) => one.name === name);
  if (found === undefined) return markup`<td></td>`;
  const status = faultStatus(found, checks);
  const [sign, word] = signs[status];
  return markup`<td><a class="standing ${status}" href="#${faultAnchor(anchor, name)}"><span aria-hidden="true">${sign}</span><span class="hidden">${word}</span></a></td>`;
}

/** Answer of one architecture to each fault, with the metrics of the proofs that ran; undefined where none ran. */
export function faultAnswers(result: ArchitectureResult): Markup | undefined {
  const { anchor, checks, deployed } = result;
  const faults = deployed?.faults ?? [];
  if (faults.length === 0 || !hasProofs(result)) return undefined;
  const proved = faults.filter(({ answer }) => 'provedBy' in answer);
  const others = faults.filter(({ answer }) => !('provedBy' in answer));
  const list = (some: readonly FaultReport[]): Markup => markup`<dl class="faults">
${some.map((fault) => entry(fault, anchor, checks))}</dl>`;
  return markup`<details class="folded"><summary>Faults: ${proved.length} proved, ${others.length} not applicable</summary>
${list(proved)}
${list(others)}
</details>
`;
}

function entry(fault: FaultReport, anchor: string, checks: readonly CheckReport[]): Markup {
  const [sign, word] = signs[faultStatus(fault, checks)];
  return markup`<div id="${faultAnchor(anchor, fault.name)}"><dt><span class="standing ${faultStatus(fault, checks)}"><span aria-hidden="true">${sign}</span><span class="hidden">${word}: </span></span>${fault.term}<small>${fault.explanation}: ${fault.expected}</small></dt>
<dd>${reason(fault, checks)}</dd></div>
`;
}

function reason({ answer }: FaultReport, checks: readonly CheckReport[]): Content {
  if ('notApplicable' in answer) return markup`Not applicable: ${answer.notApplicable}.`;
  if ('notProvableHere' in answer) return markup`Cannot be shown on one machine: ${answer.notProvableHere}.`;
  const note = answer.note === undefined ? undefined : markup`<li class="aside">${answer.note}</li>`;
  return markup`<ul>${answer.provedBy.map((name) => proof(name, checks))}${note}</ul>`;
}

function proof(name: string, checks: readonly CheckReport[]): Markup[] | Markup {
  if (name.startsWith('test/')) return markup`<li>Test <code>${name}</code></li>`;
  const ran = checks.filter((check) => check.name === name);
  if (ran.length === 0) return markup`<li>Proof <code>${name}</code>, not part of this run</li>`;
  return ran.map((check) => {
    const metrics = check.metrics.map(({ name: what, value, unit }) => {
      const shown = typeof value === 'number' ? number(value) : value;
      return `${what} ${shown}${unit === undefined ? '' : ` ${unit}`}`;
    });
    return markup`<li>${mark(check.status)}<a href="#${checkAnchor(check)}">${check.title}</a>${metrics.length > 0 && markup` <small>${metrics.join(' · ')}</small>`}</li>`;
  });
}
