import type { GatheredCall } from '../../local/calls/gather';
import type { CheckOutcome } from './outcome';

/** Run of a check with all permissions. */
export interface Baseline {
  readonly check: string;
  readonly seconds: number;
  readonly calls: readonly GatheredCall[];
}

/** Runs of checks with all permissions; each check runs once, when it is needed. */
export class Baselines {
  private readonly passed: Baseline[] = [];
  private readonly waiting: string[];

  /** @param checks the most promising first */
  constructor(
    checks: readonly string[],
    private readonly run: (check: string) => Promise<CheckOutcome & Pick<Baseline, 'calls'>>,
  ) {
    this.waiting = [...new Set(checks)];
  }

  /** Runs so far that match, the fastest first. */
  known(matches: (baseline: Baseline) => boolean): Baseline[] {
    return this.passed.filter(matches).toSorted((one, other) => one.seconds - other.seconds);
  }

  /** Runs the next check; returns false if none is left. A check that does not pass with all permissions is ignored. */
  async runNext(): Promise<boolean> {
    const check = this.waiting.shift();
    if (check === undefined) return false;
    const { status, seconds, calls } = await this.run(check);
    if (status === 'passed') this.passed.push({ check, seconds, calls });
    return true;
  }
}

/** Longest time that a check may take without a permission, in seconds; then it counts as failed. */
export function limitOf(seconds: number): number {
  return seconds * 1.5 + 5;
}
