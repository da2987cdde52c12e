import { z } from 'zod';

/** Longest time that DynamoDB keeps a record of a change stream. */
const changeStreamSeconds = 86_400;

/** Time for an attempt's work beside waiting for busy services. */
const shortestTimeoutSeconds = 10;

/** Settings of stream-processor: `-c stream-processor='{…}'`, or the key `stream-processor` of the context in `cdk.json`. */
export const streamProcessorSettings = z
  .strictObject({
    shards: z
      .int()
      .min(1)
      .max(500)
      .default(1)
      .describe('Shards of the stream Readings. `ops reshard` changes them without a deployment.'),
    onDemand: z
      .boolean()
      .default(false)
      .describe('Lets Kinesis choose the shards, at another price; `shards` is not used then.'),
    enhancedFanOut: z
      .boolean()
      .default(false)
      .describe('Gives AggregateReadings a throughput of its own beside other readers of the stream.'),
    retentionHours: z.int().min(24).max(8_760).default(24).describe('Time that Kinesis keeps a record.'),
    batchSize: z.int().min(1).max(10_000).default(100).describe('Maximum number of records in an invocation.'),
    batchingWindowSeconds: z
      .int()
      .min(0)
      .max(300)
      .default(1)
      .describe('Longest time that Lambda waits for a batch to fill.'),
    parallelizationFactor: z
      .int()
      .min(1)
      .max(10)
      .default(1)
      .describe('Batches of one shard that are processed at once; records of one key stay in order.'),
    maximumRetries: z
      .int()
      .min(0)
      .max(10_000)
      .default(3)
      .describe(
        'Retries of a record before it goes to Failures. Within an attempt, the function waits for busy services.',
      ),
    maximumRecordAgeSeconds: z
      .int()
      .min(60)
      .max(604_800)
      .default(3_600)
      .describe(
        'Age at which a record that was not processed goes to Failures; at most a day for changes of accounts.',
      ),
    windowSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(60)
      .describe('Length of a window of a device. A change begins new windows.'),
    latenessSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(3_600)
      .describe(
        'Time after the end of a window in which its readings may still arrive; later ones are archived and counted.',
      ),
    clockToleranceSeconds: z
      .int()
      .min(1)
      .max(3_600)
      .default(300)
      .describe("Time by which a device's clock may be ahead."),
    failureDays: z
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe('Days that Failures keeps records, in which they can be replayed.'),
    lateAfterSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(900)
      .describe('Age of the last processed record that raises the alarms.'),
    timeoutSeconds: z
      .int()
      .min(shortestTimeoutSeconds)
      .max(900)
      .default(60)
      .describe('Longest time for a batch; a busy service is waited for until shortly before its end.'),
    memoryMegabytes: z.int().min(256).max(10_240).default(512).describe('CPU grows in proportion to it.'),
    dashboard: z.boolean().optional().describe('CloudWatch dashboard. Default: on in prod.'),
  })
  .superRefine((settings, context) => {
    const { maximumRecordAgeSeconds, retentionHours, timeoutSeconds } = settings;
    const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if (maximumRecordAgeSeconds >= retentionHours * 3_600) {
      refuse(
        'maximumRecordAgeSeconds',
        `use less than ${retentionHours * 3_600}: Kinesis deletes older records, which would never reach Failures`,
      );
    }
    if (maximumRecordAgeSeconds <= timeoutSeconds) {
      refuse(
        'maximumRecordAgeSeconds',
        `use more than timeoutSeconds (${timeoutSeconds}), or a record has no second attempt`,
      );
    }
  });

export type StreamProcessorSettings = z.output<typeof streamProcessorSettings>;

/** Age of changes at which they go to Failures: below the time that DynamoDB keeps them. */
export function changeAgeSeconds({ maximumRecordAgeSeconds }: StreamProcessorSettings): number {
  return Math.min(maximumRecordAgeSeconds, changeStreamSeconds - 3_600);
}

/**
 * Time for which a reading is remembered after it was added. A repeated one arrives within the lateness, or is too late for its
 * window. It may stay in the stream for its whole retention, since a mapping that is replaced begins at the oldest record, and wait
 * in Failures before it is replayed.
 */
export function rememberSeconds(settings: StreamProcessorSettings): number {
  const { latenessSeconds, windowSeconds, clockToleranceSeconds, retentionHours, failureDays } = settings;
  const inFailures = (failureDays + 1) * 86_400;
  return latenessSeconds + windowSeconds + clockToleranceSeconds + retentionHours * 3_600 + inFailures;
}
