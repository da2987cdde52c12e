/** Dead letters of one redrive; the longest takes minutes, since the emulator serves one call at a time. */
export const deadLetterCounts = [1_000, 10_000, 50_000] as const;

/** The loop is measured with the smallest number only. */
export type Redriver = 'ours' | 'one call each';

/** One redrive of all dead letters. */
export interface RedriveSample {
  readonly who: Redriver;
  readonly deadLetters: number;
  readonly seconds: number;
  /** Calls to SQS and DynamoDB. */
  readonly calls: number;
  readonly peakMegabytes: number;
}

export const queueNames = { orders: 'BenchOrders', dead: 'BenchDeadLetters' } as const;
