import type { RunReport, RuleReport } from '../local/run-report';
import { plural } from './format';
import { limitList } from './limits';
import { markup, type Markup } from './markup';

/** Section on the emulator: limits of a local run, and the rules that adapted the templates. */
export function emulatorSection(report: RunReport): Markup | undefined {
  const limits = limitList(report);
  if (limits === undefined && report.rules.length === 0) return undefined;
  return markup`<section aria-labelledby="emulator">
<h2 id="emulator">Emulator</h2>
${limits}${report.rules.length > 0 && ruleList(report.rules)}</section>
`;
}

function ruleList(rules: readonly RuleReport[]): Markup {
  const items = rules.map(
    ({ name, reason, touched }) => markup`<li>
<p><strong>${name}</strong>: ${reason}.</p>
<details><summary>${plural(touched.length, 'resource')}</summary><ul class="touched">${touched.map((what) => markup`<li><code>${what}</code></li>`)}</ul></details>
</li>
`,
  );
  return markup`<h3>Adapted resources</h3>
<p class="note">These rules changed the synthesized templates before their deployment to the emulator.</p>
<details class="folded"><summary>${plural(rules.length, 'rule')}</summary>
<ul class="rules">
${items}</ul>
</details>
`;
}
