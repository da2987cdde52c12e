import { linksTo, pagesOf, type Pages } from '../docs/pages';
import { grantsOf } from '../template/grants';
import type { Template } from '../template/template';
import { grantKey, type RecordedPermissions } from './recorded-permissions';
import { classify, covers, type AcceptedUnused, type Verdict } from './verdicts';

export interface PermissionsOfArchitecture {
  readonly slug: string;
  readonly template: Template;
  readonly recorded: RecordedPermissions;
  readonly acceptedUnused: readonly AcceptedUnused[];
}

/** `docs/permissions/`: every permission of every function, its use in the proofs, and the check that fails without it. */
export function permissionPages(all: readonly PermissionsOfArchitecture[]): Pages {
  return pagesOf({
    kind: 'permissions',
    index: [
      '# Permissions',
      '',
      'Written by `npm run docs` from the templates and from the calls of the functions in the last recorded proofs of the local run,',
      'where IAM is enforced.',
      '',
      ...linksTo(all),
      '',
      "*used* names the operations that needed the permission; *by the service* is what AWS does in a function's name; *accepted* is what",
      'no scenario reaches, with the reason (`lib/<slug>/accepted-unused-permissions.json`).',
      '',
      'The last column names the check that fails when this permission alone is removed, and the function is denied for lack of it',
      '(`npm run permissions -- --mutate --record`). The emulator does not deny what AWS does in the name of a function, so no check',
      'can notice its removal: –.',
    ],
    architectures: all.map((one) => ({
      slug: one.slug,
      lines: [
        '| function | action | on | status | because | removal noticed by |',
        '| --- | --- | --- | --- | --- | --- |',
        ...verdictsOf(one).map((verdict) => row(verdict, one)),
      ],
    })),
  });
}

/** Verdicts on the grants of a template by the recorded use. */
export function verdictsOf({ template, recorded, acceptedUnused }: PermissionsOfArchitecture): Verdict[] {
  return classify(grantsOf(template), (grant) => recorded[grantKey(grant)]?.usedBy ?? [], acceptedUnused, template);
}

function row({ grant, status, because }: Verdict, { recorded, acceptedUnused }: PermissionsOfArchitecture): string {
  const accepted = acceptedUnused.find((one) => one.despite === 'no failure' && covers(one, grant));
  const unnoticed = accepted === undefined ? (status === 'used' ? 'not known' : '–') : `nothing: ${accepted.reason}`;
  const noticedBy = recorded[grantKey(grant)]?.noticedBy ?? unnoticed;
  return `| ${grantKey(grant)} | ${status} | ${because.replaceAll('|', '\\|')} | ${noticedBy} |`;
}
