import { shuffled, type RandomSource } from './reordering';

/** What is delivered again: a share of the items by chance, each once to three times more. */
export function repeats<T>(rng: RandomSource, items: readonly T[], share = 0.15): T[] {
  return shuffled(rng, items)
    .slice(0, Math.ceil(items.length * share))
    .flatMap((item) => Array.from({ length: 1 + Math.floor(rng.random() * 3) }, () => item));
}
