import type { RunReport } from '../local/run-report';
import { duration, number } from './format';
import { markup, type Markup } from './markup';
import type { ArchitectureResult, Status } from './results';
import { mark } from './status';

type FunctionReport = RunReport['functions'][number];

/** Table of all architectures with the invocations of each of their functions. */
export function functionTable({ functions }: RunReport, results: readonly ArchitectureResult[]): Markup | undefined {
  if (results.length === 0) return undefined;
  const groups = results.map((result) => {
    const own = functions.filter(({ slug }) => slug === result.slug);
    return markup`<tbody>
<tr class="group"><th scope="rowgroup" colspan="8">${mark(result.status)}<a href="#${result.anchor}">${result.slug}</a> <small>${countsOf(result)}</small></th></tr>
${own.map(functionRow)}</tbody>
`;
  });
  return markup`<section aria-labelledby="functions">
<h2 id="functions">Functions</h2>
<div class="scroller" role="region" aria-label="Invocations of each function" tabindex="0">
<table class="counts functions">
<caption class="hidden">Invocations of each function</caption>
<thead><tr><th scope="col">Function</th><th scope="col">Invocations</th><th scope="col">Errors</th><th scope="col">Throttles</th><th scope="col">Cold starts</th><th scope="col">Median</th><th scope="col">p99</th><th scope="col">Memory</th></tr></thead>
${groups}</table>
</div>
</section>
`;
}

function countsOf({ checks }: ArchitectureResult): string {
  const count = (status: Status): number => checks.filter((check) => check.status === status).length;
  const parts = (['passed', 'failed', 'skipped'] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`);
  return parts.join(', ') || 'no check ran';
}

function functionRow(one: FunctionReport): Markup {
  const { function: name, invocations, errors, throttles, coldStarts, medianMilliseconds, p99Milliseconds } = one;
  return markup`<tr><th scope="row">${name}</th><td>${number(invocations)}</td><td${errors > 0 && markup` class="failed"`}>${number(errors)}</td><td>${number(throttles)}</td><td>${number(coldStarts)}</td><td>${duration(medianMilliseconds / 1000)}</td><td>${duration(p99Milliseconds / 1000)}</td><td>${one.maxMemoryMegabytes} MB</td></tr>
`;
}
