/** Callers at once, each with one record a call; and records a call, from one caller. */
export const workloads = [
  { callers: 1, records: 1 },
  { callers: 10, records: 1 },
  { callers: 50, records: 1 },
  { callers: 1, records: 10 },
  { callers: 1, records: 100 },
] as const;
export const contestants = ['ours', 'connecting each time'] as const;

/** One contestant with one workload. */
export interface Sample {
  readonly who: (typeof contestants)[number];
  readonly callers: number;
  /** In each call. */
  readonly records: number;
  readonly milliseconds: readonly number[];
  /** At the server at once, at the most. */
  readonly connections: number;
  readonly failed: number;
}
