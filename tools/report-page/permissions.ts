import type { PermissionsReport } from '../local/run-report';
import { plural } from './format';
import { markup, type Content, type Markup } from './markup';
import { mark } from './status';

type Grant = PermissionsReport['grants'][number];

/** What every role may do, held against what it did in this run. */
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
    ? 'All proofs ran: what nothing used is too much.'
    : 'Not all proofs ran: what this run did not use, another may. All of them together are judged by npm run permissions.';
  return markup`<h3>Permissions</h3>
<p class="note">What the role of each function is granted, and which calls of this run used it; roles that services act by are held to what
their definitions ask for, since the emulator does not check them. ${scope}</p>
${tables}`;
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
<summary><span>${excess && mark('failed', 'too much')}${role}</span> <small>${counts.join(' · ')}</small></summary>
<table>
<caption class="hidden">Permissions of ${role} of ${slug}</caption>
<thead><tr><th scope="col">Action</th><th scope="col">On</th><th scope="col">Verdict</th></tr></thead>
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

/** A long name may break between its words: `dynamodb:`, `Get`, `Item`. */
function breakable(name: string): Content {
  return name.split(/(?<=[:/])|(?<=[a-z])(?=[A-Z])/).map((word, index) => (index === 0 ? word : [markup`<wbr>`, word]));
}
