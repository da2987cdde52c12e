import type { RunReport, RuleReport } from '../local/run-report';
import { plural } from './format';
import { markup, type Markup } from './markup';

/** As many are read at a glance; more are folded. */
const listedAtOnce = 4;

/** What was changed in the templates so that the emulator takes them, and why. */
export function ruleList({ rules }: RunReport): Markup | undefined {
  if (rules.length === 0) return undefined;
  const applied = rules.filter(({ touched }) => touched.length > 0);
  const idle = rules.filter(({ touched }) => touched.length === 0);
  return markup`<section aria-labelledby="rules">
<h2 id="rules">What was changed for the emulator</h2>
<p class="note">What was synthesized for AWS went through these rules, and no others, before it was deployed here.</p>
<ul class="rules">
${applied.map(rule)}</ul>
${
  idle.length > 0 &&
  markup`<p class="note">${plural(idle.length, 'more rule')} found nothing to change: ${idle.map(({ name }) => name).join(', ')}.</p>`
}
</section>
`;
}

function rule({ name, reason, touched }: RuleReport): Markup {
  const list = markup`<ul class="touched">${touched.map((what) => markup`<li><code>${what}</code></li>`)}</ul>`;
  return markup`<li>
<h3>${name}</h3>
<p>${reason}</p>
${touched.length <= listedAtOnce ? list : markup`<details><summary>Touched ${plural(touched.length, 'place')}</summary>${list}</details>`}
</li>
`;
}
