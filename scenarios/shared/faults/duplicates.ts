import type { RandomSource } from '../scenario';
import { shuffled } from './reordering';

/** Random share of the items, each repeated one to three times. */
export function repeats<T>(rng: RandomSource, items: readonly T[], share = 0.15): T[] {
  return shuffled(rng, items)
    .slice(0, Math.ceil(items.length * share))
    .flatMap((item) => Array.from({ length: 1 + Math.floor(rng.random() * 3) }, () => item));
}
