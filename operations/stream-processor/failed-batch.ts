import { z } from 'zod';

/** Record that an event source mapping gave up. */
export interface FailedRecord {
  readonly key: string;
  /** Whether a record of its key has to wait for earlier ones: changes do, readings go by the time in them. */
  readonly isOrdered: boolean;
  readonly sequenceNumber: string;
  /** Entry of `Records` as the function received it. */
  readonly event: unknown;
  /** Account and version that a change of the table has. */
  readonly change?: { readonly accountId: string; readonly version: number };
}

/** Object of the bucket Failures. */
export interface FailedBatch {
  readonly objectKey: string;
  readonly functionArn: string;
  /** Lambda's reason, such as `RetryAttemptsExhausted`. */
  readonly condition: string;
  readonly records: readonly FailedRecord[];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
const objectSchema = z.object({
  requestContext: z.object({ functionArn: z.string(), condition: z.string() }),
  /** The event as escaped JSON. */
  payload: z.string(),
});

const readingSchema = z.object({ kinesis: z.object({ partitionKey: z.string(), sequenceNumber: z.string() }) });

const changeSchema = z.object({
  dynamodb: z.object({
    Keys: z.record(z.string(), z.unknown()),
    SequenceNumber: z.string(),
    NewImage: z
      .object({ accountId: z.object({ S: z.string() }), version: z.object({ N: z.coerce.number() }) })
      .optional()
      .catch(undefined),
  }),
});

/** Reads an object of the bucket Failures; returns undefined if it is none that Lambda wrote for a stream. */
export function readFailedBatch(objectKey: string, text: string): FailedBatch | undefined {
  try {
    const { requestContext, payload } = objectSchema.parse(JSON.parse(text));
    const { Records } = z.object({ Records: z.array(z.unknown()) }).parse(JSON.parse(payload));
    return { objectKey, ...requestContext, records: Records.map(recordOf) };
  } catch {
    return undefined;
  }
}

function recordOf(event: unknown): FailedRecord {
  const reading = readingSchema.safeParse(event);
  if (reading.success) {
    const { partitionKey, sequenceNumber } = reading.data.kinesis;
    return { key: partitionKey, isOrdered: false, sequenceNumber, event };
  }
  const { Keys, SequenceNumber, NewImage } = changeSchema.parse(event).dynamodb;
  const change =
    NewImage === undefined ? {} : { change: { accountId: NewImage.accountId.S, version: NewImage.version.N } };
  return { key: JSON.stringify(Keys), isOrdered: true, sequenceNumber: SequenceNumber, event, ...change };
}
