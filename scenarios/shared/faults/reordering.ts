import type { ScenarioRun } from '../scenario';

/** What chance is taken from: a run. */
export type Chance = Pick<ScenarioRun, 'random'>;

/** All items in an order of chance. */
export function shuffled<T>(chance: Chance, items: readonly T[]): T[] {
  return interleaved(
    chance,
    items.map((item) => [item]),
  );
}

/** All lanes at once, each in its own order. */
export function interleaved<T>(chance: Chance, lanes: readonly (readonly T[])[]): T[] {
  return lanes
    .flatMap((lane) => {
      const moments = lane.map(() => chance.random()).sort((one, other) => one - other);
      return lane.map((item, index) => ({ item, moment: moments[index] ?? 0 }));
    })
    .sort((one, other) => one.moment - other.moment)
    .map(({ item }) => item);
}
