import type { GatheredCall } from '../../local/calls/gather';
import type { CheckOutcome } from './outcome';

/** A check with all permissions: what it called, and how long it took. */
export interface Baseline {
  readonly check: string;
  readonly seconds: number;
  readonly calls: readonly GatheredCall[];
}

/** What checks do and take when nothing is missing; each is run once, when it is asked for. */
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

  /** Those that have run and do it, the quickest first. */
  known(does: (baseline: Baseline) => boolean): Baseline[] {
    return this.passed.filter(does).toSorted((one, other) => one.seconds - other.seconds);
  }

  /** Runs one check more; gives false where none is left. One that does not pass here counts for nothing. */
  async runNext(): Promise<boolean> {
    const check = this.waiting.shift();
    if (check === undefined) return false;
    const { status, seconds, calls } = await this.run(check);
    if (status === 'passed') this.passed.push({ check, seconds, calls });
    return true;
  }
}

/** How long a check may take without a permission before it counts as one that waits in vain (seconds). */
export function limitOf(seconds: number): number {
  return seconds * 1.5 + 5;
}
