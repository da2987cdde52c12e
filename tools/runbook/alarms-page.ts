import type { AlarmRow, Cause } from './alarm-rows';

/** `docs/alarms.md`: every alarm, at which figure it is raised, and whether a proof brings that about. */
export function alarmsPage(all: readonly { readonly slug: string; readonly rows: readonly AlarmRow[] }[]): string {
  const count = all.flatMap(({ rows }) => rows).reduce((sum, { alarms }) => sum + alarms, 0);
  return [
    '# Alarms',
    '',
    'Written by `npm run alarms` from the templates of a sandbox and `scenarios/<slug>/alarm-causes.json`. Each of these',
    `${count} alarms is seen to fire: the proof \`alarms\` of its architecture (\`npm run prove -- <slug> --only alarms\`) raises it,`,
    'waits for its message at the topic, and looks for its heading of the [runbook](runbook/README.md) in it. In the local run it is raised',
    'by a figure at its threshold, which the proof writes in the name of the service: the emulator counts little by itself, and tells',
    'neither dimensions nor periods apart. In an account, where nobody may write such figures, the proof sets its state.',
    '',
    'The last column is about what a figure stands for: which proofs bring it about here, or why none does.',
    ...all.flatMap(({ slug, rows }) => [
      '',
      `## ${slug}`,
      '',
      '| alarm | raised at | brought about here |',
      '| --- | --- | --- |',
      ...rows.map(
        ({ heading, alarms, raisedAt, cause }) =>
          `| [${heading}](runbook/${slug}.md#${heading})${alarms === 1 ? '' : ` (${alarms})`} | ${raisedAt} | ${told(cause)} |`,
      ),
    ]),
    '',
  ].join('\n');
}

function told(cause: Cause | undefined): string {
  if (cause === undefined) return 'nobody has said';
  if ('notHere' in cause) return `no: ${cause.notHere}`;
  return cause.causedBy.map((name) => `\`${name}\``).join(', ');
}
