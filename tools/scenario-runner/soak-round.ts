import { assertWorkOutcome } from '../../scenarios/shared/faults/work-outcome';
import type {
  Check,
  Injected,
  RandomSource,
  ScenarioRun,
  Soak,
  SoakFault,
  WorkOutcome,
} from '../../scenarios/shared/scenario';
import { seededRandom } from './random';

/** Duration of work and fault injection in a round. */
const workSeconds = 15;

export interface RoundOutcome {
  readonly injected: Injected;
  readonly work: WorkOutcome;
}

/**
 * Round of a soak as a check; its name and the seed select the faults.
 *
 * @param onOutcome receives the outcome, also of a failed round
 */
export function soakRound(soak: Soak, number: number, onOutcome: (outcome: RoundOutcome) => void): Check {
  return {
    name: roundName(number),
    title: `no ${soak.units} are lost or duplicated under random faults`,
    withinSeconds: 600,
    async run(run) {
      const round = await run.step('open', () => soak.open(run));
      const chosen = choose(
        run,
        round.faults.filter(({ needs }) => needs === undefined || run.faults !== undefined),
      );
      run.log(`faults of round ${number}: ${chosen.map(({ fault }) => fault.title).join('; ') || 'none'}`);
      const injected = await run.step('work and faults', () => workUnderFaults(run, () => round.work(), chosen));
      for (const [name, count] of Object.entries(injected)) if (count > 0) run.metric(name, count);
      const work = await run.step('wait until all work has ended', () => round.verify());
      onOutcome({ injected, work });
      assertWorkOutcome(run, soak.units, work);
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

/** Selects each fault with a probability of 2/3, at least one. */
function choose(run: ScenarioRun, faults: readonly SoakFault[]): ChosenFault[] {
  const all = faults.map((fault) => ({
    fault,
    isChosen: run.random() < 2 / 3,
    rng: { random: seededRandom(Math.floor(run.random() * 2 ** 32), fault.title) },
  }));
  const chosen = all.filter(({ isChosen }) => isChosen);
  return chosen.length > 0 ? chosen : all.slice(0, 1);
}

async function workUnderFaults(
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
    return sumByFault(counts);
  } finally {
    // Also ends the faults when the work has failed.
    clearTimeout(timer);
    over.abort();
  }
}

/** Sums the counts of each fault. */
export function sumByFault(counts: readonly Injected[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((one) => Object.entries(one))) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
