import type { RunReport } from '../local/run-report';
import { markup, type Markup } from './markup';

/** Differences between the emulator and AWS for the architectures of the run, each once. */
export function limitList({ architectures }: RunReport): Markup | undefined {
  const limits = architectures.flatMap(({ slug, limits: own }) => own.map((limit) => ({ ...limit, slug })));
  if (limits.length === 0) return undefined;
  const entries = [...Map.groupBy(limits, ({ sentence }) => sentence)].map(([sentence, all]) => {
    const slugs = all.length === architectures.length ? 'all' : all.map(({ slug }) => slug).join(', ');
    return markup`<div><dt>${all[0]?.topic ?? ''} <small>${slugs}</small></dt><dd>${sentence}</dd></div>
`;
  });
  return markup`<h3>Limits of a local run</h3>
<p class="note">The emulator differs from AWS here: a passed check proves nothing about these.</p>
<dl class="limits">
${entries}</dl>
`;
}
