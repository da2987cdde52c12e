import type { ScenarioRun } from '../scenario';

/** What chance is taken from: a run. */
export type RandomSource = Pick<ScenarioRun, 'random'>;

/** All items in an order of chance. */
export function shuffled<T>(rng: RandomSource, items: readonly T[]): T[] {
  return interleaved(
    rng,
    items.map((item) => [item]),
  );
}

/** All lanes at once, each in its own order. */
export function interleaved<T>(rng: RandomSource, lanes: readonly (readonly T[])[]): T[] {
  return lanes
    .flatMap((lane) => {
      const moments = lane.map(() => rng.random()).sort((one, other) => one - other);
      return lane.map((item, index) => ({ item, moment: moments[index] ?? 0 }));
    })
    .sort((one, other) => one.moment - other.moment)
    .map(({ item }) => item);
}
