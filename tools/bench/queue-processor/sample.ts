export const batchSizes = [1, 10, 100] as const;
export const contestants = ['ours', 'plain'] as const;

/** One batch size, once through all orders. */
export interface Sample {
  readonly who: (typeof contestants)[number];
  readonly batchSize: number;
  /** Orders. */
  readonly perSecond: number;
  /** Calls to DynamoDB. */
  readonly callsAnOrder: number;
}

export const tables = {
  fulfilments: 'Fulfilments',
  stock: 'Stock',
  reasons: 'FailureReasons',
  idempotency: 'Idempotency',
} as const;
