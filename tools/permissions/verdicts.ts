import type { GatheredCall } from '../local/calls/gather';
import { actionsOf } from './actions';
import { byTheService } from './by-the-service';
import type { Template } from '../template/template';
import type { Grant } from '../template/grants';

/** A grant that no scenario uses, or that none fails without, and why it stays. */
export interface Reserve {
  readonly function: string;
  readonly action: string;
  /** The path below the stack; all resources of the action where it is absent. */
  readonly on?: string | undefined;
  /** `chance`: a run may use it or not, such as where an object has to go at the right moment. */
  readonly despite: 'no use' | 'chance' | 'no failure';
  readonly reason: string;
}

export interface Verdict {
  readonly grant: Grant;
  readonly status: 'used' | 'by the service' | 'reserved' | 'unused';
  /** The operations that used it, or the reason why it stays. */
  readonly because: string;
}

/**
 * Judges each grant of a stack.
 *
 * @param operationsOf names of the operations that needed a grant
 */
export function judge(
  grants: readonly Grant[],
  operationsOf: (grant: Grant) => readonly string[],
  reserves: readonly Reserve[],
  template: Template,
): Verdict[] {
  return grants.map((grant) => {
    const operations = operationsOf(grant);
    if (operations.length > 0) return { grant, status: 'used', because: operations.join(', ') };
    const service = byTheService(grant, template);
    if (service !== undefined) return { grant, status: 'by the service', because: service };
    const reserve = reserves.find((one) => one.despite !== 'no failure' && covers(one, grant));
    if (reserve !== undefined) return { grant, status: 'reserved', because: reserve.reason };
    return { grant, status: 'unused', because: 'no scenario used it' };
  });
}

/** Operations among calls that needed a grant, each once, sorted. */
export function operationsIn(calls: readonly GatheredCall[]): (grant: Grant) => string[] {
  return (grant) => [...new Set(calls.filter((call) => uses(call, grant)).map(({ operation }) => operation))].sort();
}

/** Reserves that cover nothing which is unused otherwise: whoever made them necessary is gone. */
export function staleReserves(verdicts: readonly Verdict[], reserves: readonly Reserve[]): Reserve[] {
  const kept = verdicts.filter(({ status }) => status === 'reserved').map(({ grant }) => grant);
  return reserves.filter((one) => one.despite === 'no use' && !kept.some((grant) => covers(one, grant)));
}

/** Calls that nothing granted: the emulator would have refused them, so the table of actions is wrong. */
export function unexplained(calls: readonly GatheredCall[], grants: readonly Grant[]): GatheredCall[] {
  return calls.filter((call) => !grants.some((grant) => uses(call, grant)));
}

/** Whether the reserve is of this grant. */
export function covers(reserve: Reserve, grant: Pick<Grant, 'name' | 'action' | 'on'>): boolean {
  const isSame = reserve.function === grant.name && reserve.action === grant.action;
  return isSame && (reserve.on === undefined || reserve.on === grant.on);
}

/** Whether the call needed the grant. */
export function uses(call: GatheredCall, grant: Grant): boolean {
  if (call.function !== grant.function) return false;
  if (!actionsOf(call.service, call.operation).includes(grant.action)) return false;
  // A copy writes to the first bucket and reads from the second; a grant on a bucket that only the other end is in is excess.
  const [target, source] = call.resources;
  const isCopy = call.service === 's3' && source !== undefined;
  const touched = isCopy ? [grant.action.startsWith('s3:Get') ? source : target] : call.resources;
  return (
    touched.length === 0 || grant.resource === '*' || touched.includes(grant.resource) || isForeign(grant, touched)
  );
}

/** A resource that the stack did not make has no logical id: its ARN ends in the name that was called. */
function isForeign({ resource }: Grant, touched: readonly (string | undefined)[]): boolean {
  return resource.includes(':') && touched.some((name) => name !== undefined && resource.includes(name));
}
