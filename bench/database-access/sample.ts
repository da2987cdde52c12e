export const callers = [1, 10, 50] as const;
export const contestants = ['ours', 'connecting each time'] as const;

/** One contestant with so many callers at once. */
export interface Sample {
  readonly who: (typeof contestants)[number];
  readonly callers: number;
  readonly milliseconds: readonly number[];
  /** At the server at once, at the most. */
  readonly connections: number;
  readonly failed: number;
}
