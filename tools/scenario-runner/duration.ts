import { UsageError } from '../../operations/command-line/command';

const secondsOf = { s: 1, m: 60, h: 3_600 } as const;

/**
 * Converts `90s`, `10m` or `1h` to seconds.
 *
 * @throws UsageError
 */
export function readDuration(option: string, text: string): number {
  const [, number, unit] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? [];
  if (number === undefined || unit === undefined) {
    throw new UsageError(`${option} ${text}: use a whole number with s, m or h, such as 90s, 10m or 1h`);
  }
  return Number(number) * secondsOf[unit as keyof typeof secondsOf];
}
