import { actionsOf } from '../actions';
import type { Grant } from '../../template/grants';
import { uses } from '../verdicts';
import type { GatheredCall } from '../../local/calls/gather';

/** How a check ended. */
export interface CheckOutcome {
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  /** The failure's first line. */
  readonly why: string;
}

/** What became of one check while a permission was gone. */
export interface Attempt {
  readonly check: string;
  readonly outcome: CheckOutcome;
  /** Whether the function was refused anything for want of it. */
  readonly refused: boolean;
}

/** What taking a permission away has shown. */
export interface Removal {
  readonly grant: Grant;
  /** The check that failed. */
  readonly noticedBy?: string;
  /** How it was noticed, or why that is not known. */
  readonly because: string;
}

/** Noticed is a removal where the function was refused for want of the permission, and the check failed. */
export function isNoticed({ outcome, refused }: Attempt): boolean {
  return refused && outcome.status === 'failed';
}

export function removalOf(grant: Grant, attempts: readonly Attempt[]): Removal {
  const noticed = attempts.find(isNoticed);
  if (noticed !== undefined) return { grant, noticedBy: noticed.check, because: noticed.outcome.why };
  if (attempts.length === 0) return { grant, because: 'no check that runs here needs it' };
  const told = attempts.map(({ check, outcome, refused }) => {
    if (outcome.status === 'failed') return `${check} failed without a refusal (${outcome.why})`;
    return refused ? `${check} passed in spite of a refusal` : `${check} passed, nothing was refused`;
  });
  return { grant, because: told.join('; ') };
}

/** Whether one of the denied calls needs the permission. */
export function isDenied(denied: readonly GatheredCall[], grant: Grant): boolean {
  return denied.some((call) => actionsOf(call.service, call.operation).includes(grant.action) && uses(call, grant));
}
