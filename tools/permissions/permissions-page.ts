import type { Removals } from './mutation/removals';
import { covers, type Reserve, type Verdict } from './verdicts';

/** The verdicts on one architecture. */
export interface Judged {
  readonly slug: string;
  readonly verdicts: readonly Verdict[];
}

/** `docs/permissions.md`: what every function may do, and what uses it; what notices its removal is added by `withRemovals`. */
export function permissionsPage(judged: readonly Judged[]): string {
  return [
    '# Permissions',
    '',
    'Written by `npm run least-privilege -- --write` from the templates and from what the functions called in the proofs of the',
    'local run, where IAM is enforced. *used* names the operations that needed the permission; *by the service* is what AWS does in',
    "a function's name; *reserved* is what no scenario reaches, with the reason (`lib/<slug>/reserved-permissions.json`).",
    '',
    'The last column names the check that fails when this permission alone is taken away, and the function is refused for want of',
    'it (`npm run least-privilege -- --mutate --write`). What AWS does in the name of a function is not refused by the emulator,',
    'so nothing here can notice its removal: –.',
    ...judged.flatMap(({ slug, verdicts }) => [
      '',
      `## ${slug}`,
      '',
      '| function | action | on | status | because | removal noticed by |',
      '| --- | --- | --- | --- | --- | --- |',
      ...verdicts.map(
        ({ grant, status, because }) => `| ${rowKey(grant)} | ${status} | ${because.replaceAll('|', '\\|')} | |`,
      ),
    ]),
    '',
  ].join('\n');
}

const row = /^\| (\w+ \| [\w:*-]+ \| [^|]+?) \| ([\w ]+) \| ((?:[^|\\]|\\.)*?) \|.*\|$/;

/** The page with its last column filled in. */
export function withRemovals(
  page: string,
  removals: Removals,
  reservesOf: (slug: string) => readonly Reserve[],
): string {
  let slug = '';
  const lines = page.split('\n').map((line) => {
    if (line.startsWith('## ')) slug = line.slice(3);
    const [, key = '', status = '', because = ''] = row.exec(line) ?? [];
    if (key === '' || status === 'status') return line;
    const [name = '', action = '', on = ''] = key.split(' | ');
    const reserve = reservesOf(slug).find((one) => one.despite === 'no failure' && covers(one, { name, action, on }));
    const unnoticed = reserve === undefined ? notTried(status) : `nothing: ${reserve.reason}`;
    const noticed = removals[slug]?.[key] ?? unnoticed;
    return `| ${key} | ${status} | ${because} | ${noticed} |`;
  });
  return lines.join('\n');
}

/** What stands for a removal that nothing is known of. */
function notTried(status: string): string {
  return status === 'used' ? 'not known' : '–';
}

/** The part of a row that the template alone decides. */
export function rowKey({ name, action, on }: Verdict['grant']): string {
  return `${name} | ${action} | ${on}`;
}
