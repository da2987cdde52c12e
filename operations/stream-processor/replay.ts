import type { FailedBatch, FailedRecord } from './failed-batch';

/** Answer of a function to a batch: nothing failed, or the first record that did. */
export interface ReplayAnswer {
  readonly failedAt: number | undefined;
  /** Error of that record, as far as the function tells. */
  readonly error?: string;
}

export interface Replay {
  readonly batches: readonly FailedBatch[];
  readonly invoke: (functionArn: string, events: readonly unknown[]) => Promise<ReplayAnswer>;
  /** Version of an account in the view; undefined if it has none. */
  readonly currentVersion: (accountId: string) => Promise<number | undefined>;
  /** Deletes an object whose records have all been processed. */
  readonly remove: (objectKey: string) => Promise<void>;
  readonly signal?: AbortSignal;
}

export interface ReplayResult {
  readonly processed: number;
  /** Changes, among those, of accounts whose view is of the same or a newer version: it stays. */
  readonly overtaken: number;
  /** Objects that are left, since a record of them failed again or was not tried. */
  readonly left: number;
  /** Records that failed again, and those that were not tried since an earlier one of their key failed. */
  readonly failed: readonly { readonly sequenceNumber: string; readonly error: string }[];
}

/** Records of an invocation; a function takes as many by default. */
const recordsAtOnce = 100;

/** Bytes of their JSON, below the 6 MB of an invocation. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const bytesAtOnce = 5_000_000;

/**
 * Sends failed records to their function again in their order, and deletes the objects whose records are all processed.
 *
 * A record that fails again stays, and so do later changes of its item.
 */
export async function replayFailures(replay: Replay): Promise<ReplayResult> {
  const done = new Set<FailedRecord>();
  const failed = new Map<FailedRecord, string>();
  let overtaken = 0;
  for (const [functionArn, batches] of Map.groupBy(replay.batches, (batch) => batch.functionArn)) {
    let left = batches.flatMap(({ records }) => records).sort(bySequence);
    const blocked = new Set<string>();
    while (left.length > 0 && replay.signal?.aborted !== true) {
      const some = left.slice(0, fittingRecords(left));
      const newer = await countOvertaken(some, replay);
      const { failedAt, error } = await replay.invoke(
        functionArn,
        some.map(({ event }) => event),
      );
      const processed = some.slice(0, failedAt ?? some.length);
      for (const record of processed) done.add(record);
      overtaken += processed.filter((record) => newer.has(record)).length;
      left = left.slice(processed.length);
      const [first] = left;
      if (failedAt === undefined || first === undefined) continue;
      failed.set(first, error ?? 'failed');
      if (first.isOrdered) blocked.add(first.key);
      left = left.slice(1).filter((record) => {
        if (!blocked.has(record.key)) return true;
        failed.set(record, 'an earlier record of its key failed');
        return false;
      });
    }
  }
  const finished = replay.batches.filter(({ records }) => records.every((record) => done.has(record)));
  for (const { objectKey } of finished) await replay.remove(objectKey);
  return {
    processed: done.size,
    overtaken,
    left: replay.batches.length - finished.length,
    failed: [...failed].map(([{ sequenceNumber }, error]) => ({ sequenceNumber, error })),
  };
}

/** Number of records, from the first on, that one invocation takes: at least one. */
function fittingRecords(records: readonly FailedRecord[]): number {
  let bytes = 0;
  const tooMany = records.findIndex(({ event }, index) => {
    bytes += Buffer.byteLength(JSON.stringify(event)) + 1;
    return index === recordsAtOnce || (index > 0 && bytes > bytesAtOnce);
  });
  return tooMany === -1 ? records.length : tooMany;
}

/** Records whose account has a view of the same or a newer version. */
async function countOvertaken(
  records: readonly FailedRecord[],
  { currentVersion }: Replay,
): Promise<ReadonlySet<FailedRecord>> {
  const versions = new Map<string, number>();
  for (const { change } of records) {
    if (change === undefined || versions.has(change.accountId)) continue;
    versions.set(change.accountId, (await currentVersion(change.accountId)) ?? 0);
  }
  return new Set(
    records.filter(({ change }) => change !== undefined && change.version <= (versions.get(change.accountId) ?? 0)),
  );
}

/** Sequence numbers have more digits than a number holds, and not all the same count. */
function bySequence(one: FailedRecord, other: FailedRecord): number {
  const difference = BigInt(one.sequenceNumber) - BigInt(other.sequenceNumber);
  return difference < 0n ? -1 : Number(difference > 0n);
}
