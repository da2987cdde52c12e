/** Record of a stream, with the entry of `Records` that the function receives. */
export interface StreamRecord {
  /** Digits, longer than a JavaScript number holds. */
  readonly sequenceNumber: string;
  /** Records of one key are processed in order; for DynamoDB it is the item's key. */
  readonly partitionKey: string;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
  readonly event: object;
}

export interface Shard {
  readonly id: string;
  /** Shards that it was split or merged from, as far as the stream still lists them. */
  readonly parents: readonly string[];
}

export type Position = { readonly type: 'TRIM_HORIZON' | 'LATEST' } | { readonly after: string };

export interface Page {
  readonly records: readonly StreamRecord[];
  /** Absent at the end of a closed shard. */
  readonly next: string | undefined;
}

/** Stream of Kinesis or DynamoDB. */
export interface StreamSource {
  shards(): Promise<readonly Shard[]>;
  iterator(shardId: string, position: Position): Promise<string>;
  read(shardId: string, iterator: string, limit: number): Promise<Page>;
}
