import { oddKeys } from '../shared/faults/odd-keys';

/**
 * File names that are unusual as keys, or as names of photos. None with a line end: the wildcards of the emulator's permissions match no
 * LF before other characters, as an output's key has them, and its listing of versions gives CR as LF.
 */
export const oddNames: readonly string[] = [
  ...oddKeys.filter((key) => !/[\r\n]/.test(key)),
  ...['no-extension', 'UPPER.JPG', 'looks/like/manifest.json'],
];

/** Returns a key of exactly `bytes` bytes of UTF-8 that starts with the prefix; umlauts make characters and bytes differ. */
export function keyOfLength(prefix: string, bytes: number): string {
  const rest = bytes - Buffer.byteLength(prefix);
  if (rest < 1)
    throw new RangeError(
      `a key of ${bytes} bytes cannot start with the ${Buffer.byteLength(prefix)} bytes of '${prefix}'`,
    );
  return prefix + 'ü'.repeat(Math.floor(rest / 2)) + 'x'.repeat(rest % 2);
}
