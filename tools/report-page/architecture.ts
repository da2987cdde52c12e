import { dollars } from '../costs/format';
import type { ArchitectureReport } from '../local/run-report';
import type { Pictures } from './pictures';
import { checkDetails } from './check';
import { diagramFigure } from './diagram';
import { faultAnswers } from './faults';
import { markup, type Markup } from './markup';
import { permissionTables } from './permissions';
import type { ArchitectureResult } from './results';
import { badge } from './status';

/** One architecture: its drawing, its checks, its faults and permissions, what the run cannot prove, what was deployed. */
export function architectureSection(result: ArchitectureResult, loaded: Pictures): Markup {
  const { slug, anchor, status, deployed, checks } = result;
  return markup`<section class="architecture" aria-labelledby="${anchor}">
<h2 id="${anchor}">${slug} ${badge(status)}</h2>
${deployed ? flow(deployed.flow) : markup`<p class="note">This run did not deploy it: only its checks are known.</p>`}
${deployed?.cost && cost(deployed.cost)}
${deployed?.diagram && diagramFigure(slug, anchor, deployed.diagram)}
${deployed?.unknown?.map((reason) => markup`<p class="note">This run could not tell ${reason}.</p>`)}
<h3>Checks</h3>
${checks.length > 0 ? checks.map((check) => checkDetails(check, loaded)) : markup`<p class="note">None ran.</p>`}
${faultAnswers(result)}
${deployed?.permissions && permissionTables(slug, deployed.permissions)}
${deployed && markup`${limits(deployed)}${settings(deployed)}${outputs(deployed)}`}
</section>
`;
}

function flow(line: string): Markup {
  if (line.includes('\n'))
    return markup`<pre class="drawing" role="region" aria-label="The data's way" tabindex="0">${line}</pre>`;
  const stations = line.split(' -> ').map((station) => markup`<li>${station}</li>`);
  return markup`<ol class="flow" aria-label="The data's way">${stations}</ol>`;
}

/** As the settings of this run have it, which are those of a sandbox but for shorter waits. */
function cost({ fixed, variable, usage }: NonNullable<ArchitectureReport['cost']>): Markup {
  return markup`<p class="cost">Estimated monthly cost in a sandbox: ${dollars(fixed)} fixed, ${dollars(variable)} for ${usage}.</p>`;
}

function limits({ limits: all }: ArchitectureReport): Markup {
  if (all.length === 0) return markup`<h3>What this run cannot prove</h3><p class="note">No limit is known.</p>`;
  const entries = all.map(
    ({ topic, sentence }) => markup`<div><dt>${topic}</dt><dd>${sentence}</dd></div>
`,
  );
  return markup`<h3>What this run cannot prove</h3>
<p class="note">The emulator is not AWS. Here the two differ, so that a check that passes says nothing about AWS:</p>
<dl class="limits">
${entries}</dl>`;
}

function settings({ overrides, variants }: ArchitectureReport): Markup {
  const rows = rowsOf(overrides);
  const own =
    rows.length === 0
      ? markup`<p class="note">All as an account gets them.</p>`
      : markup`<p class="note">This run gave these in place of what an account gets; all others are the same.</p>
${table('Settings that this run overrode', ['Setting', 'Value'], rows)}`;
  const others = variants.map(
    ({ name, overrides: different }) => markup`<h4>Variant ${name}</h4>
<p class="note">Deployed afterwards, in place of the above, for the proofs of ${name}.</p>
${table(`Settings of the variant ${name}`, ['Setting', 'Value'], rowsOf(different))}`,
  );
  return markup`<h3>Settings</h3>
${own}${others}`;
}

function rowsOf(values: ArchitectureReport['overrides']): [string, string][] {
  return Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]);
}

function outputs({ id, outputs: values }: ArchitectureReport): Markup {
  const rows = Object.entries(values);
  if (rows.length === 0) return markup`<h3>Outputs</h3><p class="note">The stack was not deployed.</p>`;
  return markup`<h3>Outputs</h3>
${table(`Outputs of the stack ${id}`, ['Output', 'Value'], rows)}`;
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
