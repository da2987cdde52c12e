import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Reading } from '../reading';
import { patiently, type RetryPolicy } from '../retry-policy';

export interface ReadingsStream {
  readonly client: Pick<KinesisClient, 'send'>;
  readonly streamName: string;
  readonly retryPolicy: RetryPolicy;
}

/**
 * Makes the client for all of a function's requests to Kinesis, with HTTP/1.1: the client's own handler speaks HTTP/2, which only
 * SubscribeToShard needs.
 */
export function createKinesisClient(): KinesisClient {
  const limits = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };
  return new KinesisClient({ maxAttempts: 3, requestHandler: new NodeHttpHandler(limits) });
}

/** Readings that Kinesis has not taken. The message has its codes alone. */
export class ReadingsRefusedError extends Error {
  override readonly name = 'ReadingsRefusedError';
}

/**
 * Writes at most 500 readings to the stream, those of a device in order, and repeats only the entries that were refused. Needs
 * `kinesis:PutRecords`.
 *
 * A device's readings share a shard. An entry that was refused comes behind later ones of its device, which readers by event time
 * do not mind. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
 *
 * @throws ReadingsRefusedError if some are not in the stream when the time is up
 */
export async function putReadings(
  { client, streamName, retryPolicy }: ReadingsStream,
  readings: readonly Reading[],
): Promise<void> {
  let left = readings;
  for (let attempt = 1; ; attempt++) {
    const sent = left;
    const put = new PutRecordsCommand({
      StreamName: streamName,
      Records: sent.map((reading) => ({ PartitionKey: reading.deviceId, Data: Buffer.from(JSON.stringify(reading)) })),
    });
    const { Records = [] } = await patiently(() => client.send(put, { abortSignal: retryPolicy.signal }), retryPolicy);
    left = sent.filter((_, index) => Records[index]?.ErrorCode !== undefined);
    if (left.length === 0) return;
    if (!retryPolicy.hasTimeLeft()) {
      const codes = new Set(Records.flatMap(({ ErrorCode }) => ErrorCode ?? []));
      throw new ReadingsRefusedError(`${left.length} of ${readings.length} readings: ${[...codes].join(', ')}`);
    }
    await retryPolicy.pause(attempt);
  }
}
