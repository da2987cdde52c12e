import type { Shard } from './stream-source';

/**
 * Shards that may be read now: neither being read nor finished, and with all their parents finished.
 *
 * A parent is processed to its end before its children, so that the records of a key stay in order:
 * https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html
 */
export function readableShards(
  shards: readonly Shard[],
  state: { readonly isReading: (id: string) => boolean; readonly isFinished: (id: string) => boolean },
): Shard[] {
  return shards.filter(
    ({ id, parents }) => !state.isReading(id) && !state.isFinished(id) && parents.every(state.isFinished),
  );
}
