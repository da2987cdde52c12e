import { formatDecimal, readDecimal } from './decimal';
import type { Reading } from './reading';

/** Aggregate of the readings that a device took in a window of time; decimals in their shortest form. */
export interface WindowState {
  readonly count: number;
  readonly sum: string;
  readonly min: string;
  readonly max: string;
  /** Number of writes, by which concurrent writers are noticed. */
  readonly version: number;
}

/** Start of the window that a time is in; windows begin at multiples of their length since 1970. */
export function windowStart(takenAt: string, windowSeconds: number): string {
  const length = windowSeconds * 1_000;
  return new Date(Math.floor(Date.parse(takenAt) / length) * length).toISOString();
}

/** Adds readings, none of which the window has, in any order. */
export function addReadings(state: WindowState | undefined, readings: readonly Reading[]): WindowState {
  const values = readings.map(({ value }) => readDecimal(value));
  const known = state === undefined ? [] : [readDecimal(state.min), readDecimal(state.max)];
  const all = [...known, ...values];
  const sum = values.reduce((total, value) => total + value, readDecimal(state?.sum ?? '0'));
  const least = all.reduce((one, other) => (other < one ? other : one));
  const most = all.reduce((one, other) => (other > one ? other : one));
  return {
    count: (state?.count ?? 0) + readings.length,
    sum: formatDecimal(sum),
    min: formatDecimal(least),
    max: formatDecimal(most),
    version: (state?.version ?? 0) + 1,
  };
}
