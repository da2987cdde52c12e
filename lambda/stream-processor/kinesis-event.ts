import * as z from 'zod/mini';
import type { ReceivedRecord } from './reading-batch';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#services-kinesis-event-example */
const eventSchema = z.object({
  Records: z.array(
    z.object({
      kinesis: z.object({
        sequenceNumber: z.string(),
        partitionKey: z.string(),
        data: z.string(),
        /** Seconds since 1970. */
        approximateArrivalTimestamp: z.number(),
      }),
    }),
  ),
});

export function parseKinesisEvent(event: unknown): ReceivedRecord[] {
  return eventSchema.parse(event).Records.map(({ kinesis }) => ({
    sequenceNumber: kinesis.sequenceNumber,
    arrivedAt: kinesis.approximateArrivalTimestamp * 1_000,
    data: Buffer.from(kinesis.data, 'base64').toString(),
  }));
}
