import { asArray } from '../../template/template';
import { targetOf, type Grant } from '../../template/grants';

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}

/**
 * Returns the policy of a deployed role without one action on one resource.
 *
 * @param deployed as IAM has it, with ARNs
 * @param written the same policy in the template, with statements, actions and resources in the same order: only the template
 *   tells which ARN is which resource
 * @returns undefined if nothing is left of it
 * @throws Error if the two are not the same policy
 */
export function withoutGrant(
  deployed: PolicyDocument,
  written: PolicyDocument,
  { action, resource }: Pick<Grant, 'action' | 'resource'>,
): PolicyDocument | undefined {
  const there = asArray(deployed.Statement) as Statement[];
  const all = asArray(written.Statement) as Statement[];
  // The local run leaves out denials under conditions that its emulator does not evaluate.
  const here = all.length === there.length ? all : all.filter((one) => one.Effect === 'Allow' || !('Condition' in one));
  if (there.length !== here.length) {
    throw new Error(`the deployed policy has ${there.length} statements, the template's ${here.length}: deploy again`);
  }
  const Statement = there.flatMap((statement, index) => without(statement, here[index] ?? statement, action, resource));
  return Statement.length === 0 ? undefined : { ...deployed, Statement };
}

function without(deployed: Statement, written: Statement, action: string, resource: string): Statement[] {
  const actions = asArray(deployed.Action);
  const named = asArray(written.Resource);
  const isAffected = written.Effect === 'Allow' && actions.includes(action);
  if (!isAffected || !named.some((one) => targetOf(one) === resource)) return [deployed];
  const resources = asArray(deployed.Resource);
  // One resource for several: the local run widens what its emulator cannot narrow.
  const kept = resources.length === named.length ? resources.filter((_, at) => targetOf(named[at]) !== resource) : [];
  return [
    { ...deployed, Action: actions.filter((one) => one !== action).map(String) },
    { ...deployed, Action: [action], Resource: kept },
  ].filter((one) => one.Action.length > 0 && asArray(one.Resource).length > 0);
}
