import type { Verdict } from './verdicts';

/** The verdicts on one architecture. */
export interface Judged {
  readonly slug: string;
  readonly verdicts: readonly Verdict[];
}

/** `docs/permissions.md`: what every function may do, and what uses it. */
export function permissionsPage(judged: readonly Judged[]): string {
  return [
    '# Permissions',
    '',
    'Written by `npm run least-privilege -- --write` from the templates and from what the functions called in the proofs of the',
    'local run, where IAM is enforced. *used* names the operations that needed the permission; *by the service* is what AWS does in',
    "a function's name; *reserved* is what no scenario reaches, with the reason (`lib/<slug>/reserved-permissions.json`).",
    ...judged.flatMap(({ slug, verdicts }) => [
      '',
      `## ${slug}`,
      '',
      '| function | action | on | status | because |',
      '| --- | --- | --- | --- | --- |',
      ...verdicts.map(
        ({ grant, status, because }) => `| ${rowKey(grant)} | ${status} | ${because.replaceAll('|', '\\|')} |`,
      ),
    ]),
    '',
  ].join('\n');
}

/** The part of a row that the template alone decides. */
export function rowKey({ name, action, on }: Verdict['grant']): string {
  return `${name} | ${action} | ${on}`;
}
