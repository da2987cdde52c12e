import { linksTo, pagesOf, type Pages } from '../docs/pages';
import type { AlarmRow, Cause } from './alarm-rows';

/** `docs/alarms/`: every alarm with its threshold, and the proofs that bring its cause about. */
export function alarmPages(all: readonly { readonly slug: string; readonly rows: readonly AlarmRow[] }[]): Pages {
  const count = all.flatMap(({ rows }) => rows).reduce((sum, { alarms }) => sum + alarms, 0);
  return pagesOf({
    kind: 'alarms',
    index: [
      '# Alarms',
      '',
      'Written by `npm run docs` from the templates of a sandbox and `scenarios/<slug>/alarm-causes.json`.',
      '',
      ...linksTo(all),
      '',
      `The proof \`alarms\` of an architecture (\`npm run prove -- <slug> --only alarms\`) raises each of its alarms, ${count} in all, waits`,
      'for the notification at the topic, and checks that it links to the [runbook](../runbook/README.md). In the local run an alarm is',
      'raised by a metric value at its threshold that the proof publishes: the emulator publishes few metrics, and distinguishes neither',
      'dimensions nor periods. In an account, where metrics of a service cannot be published, the proof sets the state.',
      '',
      'The last column names the proofs that bring about what the alarm stands for, or the reason why none does.',
    ],
    architectures: all.map(({ slug, rows }) => ({
      slug,
      lines: [
        '| alarm | raised at | caused in the local run |',
        '| --- | --- | --- |',
        ...rows.map(
          ({ heading, alarms, raisedAt, cause }) =>
            `| [${heading}](../runbook/${slug}.md#${heading})${alarms === 1 ? '' : ` (${alarms})`} | ${raisedAt} | ${textOf(cause)} |`,
        ),
      ],
    })),
  });
}

function textOf(cause: Cause | undefined): string {
  if (cause === undefined) return 'not known';
  if ('notHere' in cause) return `no: ${cause.notHere}`;
  return cause.causedBy.map((name) => `\`${name}\``).join(', ');
}
