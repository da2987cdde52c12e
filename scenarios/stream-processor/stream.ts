import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Deployment } from './deployment';
import type { StreamEntry } from './readings';

/** Entries that Kinesis takes in one call. */
const atOnce = 500;

/** Writes entries to the stream in their order, and repeats those that it refuses. */
export async function putEntries({ kinesis, streamName }: Deployment, entries: readonly StreamEntry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += atOnce) {
    let left = entries.slice(start, start + atOnce);
    while (left.length > 0) {
      const sent = left;
      const Records = sent.map(({ key, data }) => ({ PartitionKey: key, Data: Buffer.from(data) }));
      const put = await kinesis.send(new PutRecordsCommand({ StreamName: streamName, Records }));
      left = sent.filter((_, index) => put.Records?.[index]?.ErrorCode !== undefined);
    }
  }
}
