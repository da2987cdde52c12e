import type { Injected, SoakFault } from '../../scenarios/shared/scenario';
import type { RandomSource } from '../../scenarios/shared/scenario';
import { assertWorkOutcome } from '../../scenarios/shared/faults/work-outcome';
import type { Check, ScenarioRun, Soak, WorkOutcome } from '../../scenarios/shared/scenario';
import { seededRandom } from './random';

/** How long work and faults go on in a round; what was begun then has to come to its end. */
const workSeconds = 15;

export interface RoundOutcome {
  readonly injected: Injected;
  readonly verdict: WorkOutcome;
}

/**
 * A round as a check: its name and the seed decide which faults it meets.
 *
 * @param tell is told what became of it, be it good or bad
 */
export function soakRound(soak: Soak, number: number, tell: (outcome: RoundOutcome) => void): Check {
  return {
    name: roundName(number),
    title: `nothing is lost or duplicated of the ${soak.units}, whatever goes wrong meanwhile`,
    withinSeconds: 600,
    async run(run) {
      const round = await run.step('open', () => soak.open(run));
      const chosen = choose(
        run,
        round.faults.filter(({ needs }) => needs === undefined || run.faults !== undefined),
      );
      run.log(`round ${number} meets ${chosen.map(({ fault }) => fault.title).join('; ') || 'no fault'}`);
      const injected = await run.step('work and faults', () => suffer(run, () => round.work(), chosen));
      for (const [name, count] of Object.entries(injected)) if (count > 0) run.metric(name, count);
      const verdict = await run.step('wait for the ends', () => round.verify());
      tell({ injected, verdict });
      assertWorkOutcome(run, soak.units, verdict);
    },
  };
}

export function roundName(number: number): string {
  return `soak-${number}`;
}

interface ChosenFault {
  readonly fault: SoakFault;
  readonly rng: RandomSource;
}

/** Each of them in two rounds of three, and at least one. */
function choose(run: ScenarioRun, faults: readonly SoakFault[]): ChosenFault[] {
  const all = faults.map((fault) => ({
    fault,
    isChosen: run.random() < 2 / 3,
    rng: { random: seededRandom(Math.floor(run.random() * 2 ** 32), fault.title) },
  }));
  const chosen = all.filter(({ isChosen }) => isChosen);
  return chosen.length > 0 ? chosen : all.slice(0, 1);
}

async function suffer(
  run: ScenarioRun,
  work: () => Promise<void>,
  chosen: readonly ChosenFault[],
): Promise<Record<string, number>> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), workSeconds * 1_000);
  const working = async (): Promise<void> => {
    while (!over.signal.aborted) await work();
  };
  try {
    const [, ...counts] = await Promise.all([
      working(),
      ...chosen.map(({ fault, rng }) => fault.inject(run, rng, over.signal)),
    ]);
    return addedUp(counts);
  } finally {
    // Work that failed ends the faults too.
    clearTimeout(timer);
    over.abort();
  }
}

/** Counts of the same fault together. */
export function addedUp(counts: readonly Injected[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((one) => Object.entries(one))) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
