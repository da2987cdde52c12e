import type { GatheredCall } from '../local/calls/gather';
import type { Grant } from '../template/grants';
import type { Template } from '../template/template';
import { actionsOf } from './actions';
import { byTheService } from './by-the-service';

/** Permission that stays granted although no scenario uses it, or no check fails without it. */
export interface AcceptedUnused {
  readonly function: string;
  readonly action: string;
  /** Path below the stack; absent for all resources of the action. */
  readonly on?: string | undefined;
  /**
   * `no use`: no scenario reaches it. `chance`: a run may use it or not, such as when an object has to be deleted at the right
   * moment. `no failure`: scenarios use it, but no check fails without it.
   */
  readonly despite: 'no use' | 'chance' | 'no failure';
  readonly reason: string;
}

export interface Verdict {
  readonly grant: Grant;
  readonly status: 'used' | 'by the service' | 'accepted' | 'unused';
  /** Operations that used it, or the reason why it stays. */
  readonly because: string;
}

/**
 * Classifies each grant of a stack.
 *
 * @param operationsOf names of the operations that needed a grant
 */
export function classify(
  grants: readonly Grant[],
  operationsOf: (grant: Grant) => readonly string[],
  acceptedUnused: readonly AcceptedUnused[],
  template: Template,
): Verdict[] {
  return grants.map((grant) => {
    const operations = operationsOf(grant);
    if (operations.length > 0) return { grant, status: 'used', because: operations.join(', ') };
    const service = byTheService(grant, template);
    if (service !== undefined) return { grant, status: 'by the service', because: service };
    const accepted = acceptedUnused.find((one) => one.despite !== 'no failure' && covers(one, grant));
    if (accepted !== undefined) return { grant, status: 'accepted', because: accepted.reason };
    return { grant, status: 'unused', because: 'no scenario used it' };
  });
}

/** Operations among calls that needed a grant, each once, sorted. */
export function operationsIn(calls: readonly GatheredCall[]): (grant: Grant) => string[] {
  return (grant) => [...new Set(calls.filter((call) => uses(call, grant)).map(({ operation }) => operation))].sort();
}

/** Entries for `no use` that cover no unused grant: the grant is used now, or is gone. */
export function staleAcceptances(
  verdicts: readonly Verdict[],
  acceptedUnused: readonly AcceptedUnused[],
): AcceptedUnused[] {
  const grants = verdicts.filter(({ status }) => status === 'accepted').map(({ grant }) => grant);
  return acceptedUnused.filter((one) => one.despite === 'no use' && !grants.some((grant) => covers(one, grant)));
}

/** Calls without a grant: the emulator would have denied them, so the table of actions is wrong. */
export function unexplained(calls: readonly GatheredCall[], grants: readonly Grant[]): GatheredCall[] {
  return calls.filter((call) => !grants.some((grant) => uses(call, grant)));
}

export function covers(accepted: AcceptedUnused, grant: Pick<Grant, 'name' | 'action' | 'on'>): boolean {
  const isSame = accepted.function === grant.name && accepted.action === grant.action;
  return isSame && (accepted.on === undefined || accepted.on === grant.on);
}

/** Whether the call needed the grant. */
export function uses(call: GatheredCall, grant: Grant): boolean {
  if (call.function !== grant.function) return false;
  if (!actionsOf(call.service, call.operation).includes(grant.action)) return false;
  // A copy writes to the first bucket and reads from the second; a grant for the other direction is not used by it.
  const [target, source] = call.resources;
  const isCopy = call.service === 's3' && source !== undefined;
  const touched = isCopy ? [grant.action.startsWith('s3:Get') ? source : target] : call.resources;
  return (
    touched.length === 0 || grant.resource === '*' || touched.includes(grant.resource) || isForeign(grant, touched)
  );
}

/** A resource of another stack has no logical id: its ARN ends in the name in the call, or is a pattern that matches it. */
function isForeign({ resource }: Grant, touched: readonly (string | undefined)[]): boolean {
  if (!resource.includes(':')) return false;
  const pattern = patternOf(resource);
  return touched.some((name) => name !== undefined && (resource.includes(name) || pattern.test(name)));
}

/** Pattern of whole ARNs; of the name alone where the ARN names any bucket. */
function patternOf(resource: string): RegExp {
  const parts = resource.split(/[*…]+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return /:s3:::\*$/.test(resource) ? /^[^/:]+$/ : new RegExp(`^${parts.join('.*')}$`);
}
