import { dollars } from '../costs/format';
import type { ArchitectureReport, RunReport } from '../local/run-report';
import { checkDetails, type CheckContext } from './check';
import { diagramFigure } from './diagram';
import { faultAnswers } from './faults';
import { plural } from './format';
import { markup, type Markup } from './markup';
import { permissionTables } from './permissions';
import type { Pictures } from './pictures';
import type { ArchitectureResult } from './results';
import { badge } from './status';

/** Section of one architecture: diagram, checks, and in closed details its faults, permissions, settings and outputs. */
export function architectureSection(result: ArchitectureResult, report: RunReport, loaded: Pictures): Markup {
  const { slug, anchor, status, deployed, checks } = result;
  const context: CheckContext = { loaded, seed: report.scenarios?.seed, machines: deployed?.machines ?? [] };
  return markup`<section class="architecture" aria-labelledby="${anchor}">
<h2 id="${anchor}">${slug} ${badge(status)}</h2>
${deployed ? flow(deployed) : markup`<p class="note">This run did not deploy it: only its checks are known.</p>`}
${deployed?.diagram && diagramFigure(slug, anchor, deployed.diagram)}
${deployed?.unknown?.map((reason) => markup`<p class="note">Not determined: ${reason}.</p>`)}
<h3>Checks</h3>
${checks.length > 0 ? checks.map((check) => checkDetails(check, context)) : markup`<p class="note">None ran.</p>`}
${faultAnswers(result)}
${deployed?.permissions && permissionTables(slug, deployed.permissions)}
${deployed && markup`${settings(deployed)}${outputs(deployed)}`}
</section>
`;
}

function flow({ flow: line, cost }: ArchitectureReport): Markup {
  const estimate =
    cost &&
    markup` <small>Estimated monthly cost in a sandbox: ${dollars(cost.fixed)} fixed, ${dollars(cost.variable)} for ${cost.usage}.</small>`;
  return markup`<p class="flow">${line.replaceAll(' -> ', ' → ')}${estimate}</p>`;
}

function settings({ overrides, variants }: ArchitectureReport): Markup | undefined {
  const rows = rowsOf(overrides);
  if (rows.length === 0 && variants.length === 0) return undefined;
  const others = variants.map(({ name, overrides: different }) =>
    table(`Variant ${name}, deployed afterwards`, ['Setting', 'Value'], rowsOf(different)),
  );
  return markup`<details class="folded"><summary>Settings that differ from the defaults</summary>
${rows.length > 0 && table('Settings of this run', ['Setting', 'Value'], rows)}${others}</details>
`;
}

function rowsOf(values: ArchitectureReport['overrides']): [string, string][] {
  return Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]);
}

function outputs({ id, outputs: values }: ArchitectureReport): Markup {
  const rows = Object.entries(values);
  if (rows.length === 0) return markup`<p class="note">The stack was not deployed.</p>`;
  return markup`<details class="folded"><summary>${plural(rows.length, 'stack output')}</summary>
${table(`Outputs of the stack ${id}`, ['Output', 'Value'], rows)}</details>
`;
}

function table(caption: string, [first, second]: [string, string], rows: readonly [string, string][]): Markup {
  const body = rows.map(
    ([name, value]) => markup`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>
`,
  );
  return markup`<table class="pairs">
<caption>${caption}</caption>
<thead class="hidden"><tr><th scope="col">${first}</th><th scope="col">${second}</th></tr></thead>
<tbody>
${body}</tbody>
</table>
`;
}
