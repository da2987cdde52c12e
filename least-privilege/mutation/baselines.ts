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

  /** The checks that do it: the quickest of those that have run, then one more after the other. None that does not pass here. */
  async *doing(does: (baseline: Baseline) => boolean): AsyncGenerator<Baseline, undefined> {
    yield* this.passed.filter(does).toSorted((one, other) => one.seconds - other.seconds);
    for (let check = this.waiting.shift(); check !== undefined; check = this.waiting.shift()) {
      const { status, seconds, calls } = await this.run(check);
      if (status !== 'passed') continue;
      const baseline = { check, seconds, calls };
      this.passed.push(baseline);
      if (does(baseline)) yield baseline;
    }
  }
}

/** How long a check may take without a permission before it counts as one that waits in vain (seconds). */
export function limitOf(seconds: number): number {
  return seconds * 1.5 + 5;
}
