import type { RandomSource } from '../scenario';

/** All items in random order. */
export function shuffled<T>(rng: RandomSource, items: readonly T[]): T[] {
  return interleaved(
    rng,
    items.map((item) => [item]),
  );
}

/** Random interleaving of the sequences; each keeps its own order. */
export function interleaved<T>(rng: RandomSource, sequences: readonly (readonly T[])[]): T[] {
  return sequences
    .flatMap((sequence) => {
      const moments = sequence.map(() => rng.random()).sort((one, other) => one - other);
      return sequence.map((item, index) => ({ item, moment: moments[index] ?? 0 }));
    })
    .sort((one, other) => one.moment - other.moment)
    .map(({ item }) => item);
}
