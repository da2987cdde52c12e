import { createHash, randomInt } from 'node:crypto';

/** Numbers of at least 0 and below 1 that the seed and the label alone decide (mulberry32: 32 bits of state, not for secrets). */
export function seededRandom(seed: number, label: string): () => number {
  let state = createHash('sha256').update(`${seed}:${label}`).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed for a run that was given none: short enough to be typed again. */
export function newSeed(): number {
  return randomInt(1, 1_000_000);
}
