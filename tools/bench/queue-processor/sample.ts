export const batchSizes = [1, 10, 100] as const;
export const contestants = ['ours', 'library'] as const;

/** One contestant's figures with one batch size. */
export interface Sample {
  readonly who: (typeof contestants)[number];
  readonly batchSize: number;
  /** Orders processed in a second. */
  readonly perSecond: number;
  /** Calls to DynamoDB. */
  readonly callsPerOrder: number;
}

export const tables = {
  fulfilments: 'Fulfilments',
  stock: 'Stock',
  reasons: 'FailureReasons',
  idempotency: 'Idempotency',
} as const;
