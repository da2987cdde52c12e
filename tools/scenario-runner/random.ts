import { createHash, randomInt } from 'node:crypto';
import { UsageError } from '../../operations/command-line/command';

/** Numbers from 0 to below 1, determined by seed and label (mulberry32: 32 bits of state, not for secrets). */
export function seededRandom(seed: number, label: string): () => number {
  let state = createHash('sha256').update(`${seed}:${label}`).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Reads a seed, or draws a random one that is short enough to type.
 *
 * @throws UsageError
 */
export function readSeed(text: string | undefined): number {
  if (text === undefined) return randomInt(1, 1_000_000);
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--seed ${text}: use a whole number of at least 0`);
  return Number(text);
}
