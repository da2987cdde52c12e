import type { PermissionsReport } from '../local/run-report';
import { plural } from './format';
import { markup, type Content, type Markup } from './markup';
import { mark } from './status';

type Grant = PermissionsReport['grants'][number];

/** Permissions of each role, compared with the calls of this run. */
export function permissionTables(slug: string, { complete, grants }: PermissionsReport): Markup | undefined {
  if (grants.length === 0) return undefined;
  const roles = [...new Set(grants.map(({ role }) => role))];
  const tables = roles.map((role) =>
    roleTable(
      slug,
      role,
      complete,
      grants.filter((grant) => grant.role === role),
    ),
  );
  const scope = complete
    ? 'All proofs ran: an unused permission is not needed.'
    : 'Not all proofs ran: other proofs may use the rest.';
  const excess = complete && grants.some(({ status }) => status === 'unused');
  const used = grants.filter(({ status }) => status !== 'unused').length;
  return markup`<details class="folded"${excess && markup` open`}><summary>Permissions: ${used} of ${grants.length} used or needed</summary>
<p class="note">Permissions of the functions' roles with the calls of this run that used them, and of service roles with the definitions that
need them. ${scope}</p>
${tables}</details>
`;
}

function roleTable(slug: string, role: string, complete: boolean, grants: readonly Grant[]): Markup {
  const count = (status: Grant['status']): number => grants.filter((grant) => grant.status === status).length;
  const unused = count('unused');
  const counts = [
    plural(grants.length, 'permission'),
    ...(['used', 'by the service', 'by definition', 'accepted'] as const)
      .filter((status) => count(status) > 0)
      .map((status) => `${count(status)} ${status}`),
    ...(unused > 0 ? [`${unused} ${complete ? 'unused' : 'not used here'}`] : []),
  ];
  const excess = complete && unused > 0;
  return markup`<details class="role"${excess && markup` open`}>
<summary><span>${excess && mark('failed', 'not needed')}${role}</span> <small>${counts.join(' · ')}</small></summary>
<table>
<caption class="hidden">Permissions of ${role} of ${slug}</caption>
<thead><tr><th scope="col">Action</th><th scope="col">On</th><th scope="col">Status</th></tr></thead>
<tbody>
${grants.map((grant) => row(grant, complete))}</tbody>
</table>
</details>
`;
}

function row({ action, on, status, because }: Grant, complete: boolean): Markup {
  const excess = status === 'unused' && complete;
  const standing = status === 'used' ? 'standing passed' : excess ? 'standing failed' : 'standing';
  const verdict = status === 'unused' && !complete ? 'not used here' : status;
  const why = status === 'unused' || action.endsWith(`:${because}`) ? undefined : markup`<small>${because}</small>`;
  return markup`<tr><th scope="row"><code>${breakable(action)}</code></th><td>${on === '*' ? 'any resource' : breakable(on)}</td><td><span class="${standing}">${verdict}</span>${why}</td></tr>
`;
}

/** Adds line break opportunities between the words of a long name: `dynamodb:`, `Get`, `Item`. */
function breakable(name: string): Content {
  return name.split(/(?<=[:/])|(?<=[a-z])(?=[A-Z])/).map((word, index) => (index === 0 ? word : [markup`<wbr>`, word]));
}
