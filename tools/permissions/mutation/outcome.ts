import { actionsOf } from '../actions';
import type { Grant } from '../../template/grants';
import { uses } from '../verdicts';
import type { GatheredCall } from '../../local/calls/gather';

export interface CheckOutcome {
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  /** First line of the failure. */
  readonly why: string;
}

/** Run of a check without a permission. */
export interface Attempt {
  readonly check: string;
  readonly outcome: CheckOutcome;
  /** Whether a call of the function was denied for lack of it. */
  readonly denied: boolean;
}

/** Result of removing a permission. */
export interface Removal {
  readonly grant: Grant;
  /** Check that failed. */
  readonly noticedBy?: string;
  /** Failure of the check, or the reason why none failed. */
  readonly because: string;
}

/** Whether a call was denied for lack of the permission, and the check failed. */
export function isNoticed({ outcome, denied }: Attempt): boolean {
  return denied && outcome.status === 'failed';
}

export function removalOf(grant: Grant, attempts: readonly Attempt[]): Removal {
  const noticed = attempts.find(isNoticed);
  if (noticed !== undefined) return { grant, noticedBy: noticed.check, because: noticed.outcome.why };
  if (attempts.length === 0) return { grant, because: 'no check uses it' };
  const reasons = attempts.map(({ check, outcome, denied }) => {
    if (outcome.status === 'failed') return `${check} failed, but no call was denied (${outcome.why})`;
    return denied ? `${check} passed although a call was denied` : `${check} passed, and no call was denied`;
  });
  return { grant, because: reasons.join('; ') };
}

/** Whether one of the denied calls needs the permission. */
export function isDenied(denied: readonly GatheredCall[], grant: Grant): boolean {
  return denied.some((call) => actionsOf(call.service, call.operation).includes(grant.action) && uses(call, grant));
}
