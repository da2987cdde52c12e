import { z } from 'zod';

/** Longest time that SQS hides a received message, all changes of its visibility together: twelve hours. */
const longestVisibilitySeconds = 43_200;

/** Days that Orders keeps a message. */
export const retentionDays = 4;

/** Settings of queue-processor: `-c queue-processor='{…}'`, or the key `queue-processor` of the context in `cdk.json`. */
export const queueProcessorSettings = z
  .strictObject({
    batchSize: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .describe('Maximum number of orders in an invocation; above 10 only with a batching window.'),
    batchingWindowSeconds: z
      .int()
      .min(0)
      .max(300)
      .default(0)
      .describe('Longest time that Lambda waits for a batch to fill.'),
    maximumConcurrency: z
      .int()
      .min(2)
      .max(1_000)
      .default(5)
      .describe(
        'Concurrent batches. The default is half of what a new account may run at once, all functions together.',
      ),
    maxReceiveCount: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe(
        'Receives after which a message goes to the dead-letter queue. Below three, a short fault moves valid orders there. Refused if retries could take longer than Orders keeps a message, four days.',
      ),
    timeoutSeconds: z
      .int()
      .min(5)
      .max(900)
      .default(20)
      .describe('Longest time for a batch; the visibility timeout follows.'),
    memoryMegabytes: z.int().min(256).max(10_240).default(512).describe('CPU grows in proportion to it.'),
    fifo: z
      .boolean()
      .default(false)
      .describe('Keeps the orders of one customer in order. A change replaces the queues: empty them first.'),
    dashboard: z.boolean().optional().describe('CloudWatch dashboard. Default: on in prod.'),
    backoff: z
      .strictObject({
        baseSeconds: z
          .int()
          .min(1)
          .max(900)
          .default(5)
          .describe('Longest delay after the first failure; doubles with each further one.'),
        capSeconds: z
          .int()
          .min(1)
          .max(longestVisibilitySeconds)
          .default(300)
          .describe('Longest delay; at most 12 hours with the timeout of the function.'),
      })
      .prefault({}),
    safetyMarginMilliseconds: z
      .int()
      .min(2_000)
      .max(60_000)
      .default(3_000)
      .describe('No order is started when less time is left; the last 1.5 seconds are reserved for handling failures.'),
    lateAfterSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(900)
      .describe('Age of the oldest order that raises the alarm.'),
    payloadDays: z
      .int()
      .min(30)
      .max(3_650)
      .default(90)
      .describe('Payloads of claim checks are deleted after so many days, longer than any message can wait.'),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const { batchSize, batchingWindowSeconds, fifo, timeoutSeconds, backoff, safetyMarginMilliseconds } = settings;

    if (fifo && batchSize > 10) refuse(['batchSize'], 'use at most 10 with fifo, the limit of FIFO queues');
    if (fifo && batchingWindowSeconds > 0) {
      refuse(['batchingWindowSeconds'], 'use 0 with fifo: Lambda supports no batching window for FIFO queues');
    }
    if (!fifo && batchSize > 10 && batchingWindowSeconds === 0) {
      refuse(
        ['batchSize'],
        'use at most 10, or a batchingWindowSeconds of at least 1, which Lambda requires for larger batches',
      );
    }
    if (visibilitySeconds(settings) > longestVisibilitySeconds) {
      refuse(
        ['timeoutSeconds'],
        `use less: six timeouts and the window exceed the ${longestVisibilitySeconds} s of a visibility timeout`,
      );
    }
    if (safetyMarginMilliseconds * 2 > timeoutSeconds * 1_000) {
      refuse(
        ['safetyMarginMilliseconds'],
        `use at most ${timeoutSeconds * 500}, half of timeoutSeconds, or no time is left for orders`,
      );
    }
    const days = longestRetrySeconds(settings) / 86_400;
    if (days > retentionDays) {
      refuse(
        ['maxReceiveCount'],
        `use fewer receives or a lower backoff.capSeconds: retries can take ${days.toFixed(1)} days, and Orders keeps a message for ` +
          `${retentionDays}, after which an order would be lost before it is a dead letter`,
      );
    }
    const longestDelay = longestVisibilitySeconds - timeoutSeconds;
    if (backoff.capSeconds > longestDelay) {
      refuse(
        ['backoff', 'capSeconds'],
        `use at most ${longestDelay}: SQS hides a message for ${longestVisibilitySeconds} s in all, processing included`,
      );
    }
    if (backoff.capSeconds < backoff.baseSeconds) {
      refuse(['backoff', 'capSeconds'], `use at least backoff.baseSeconds (${backoff.baseSeconds})`);
    }
  });

export type QueueProcessorSettings = z.output<typeof queueProcessorSettings>;

/** Returns the visibility timeout that AWS advises: six timeouts of the function, and the batching window. */
function visibilitySeconds({ timeoutSeconds, batchingWindowSeconds }: QueueProcessorSettings): number {
  return 6 * timeoutSeconds + batchingWindowSeconds;
}

/**
 * Returns the longest time from a message's first receive to the dead-letter queue, without waiting for a free worker. After
 * each receive it is hidden for its backoff, or for the visibility timeout if its worker was killed.
 */
function longestRetrySeconds(settings: QueueProcessorSettings): number {
  const { maxReceiveCount, backoff, timeoutSeconds } = settings;
  const hidden = Array.from({ length: maxReceiveCount }, (_, index) => {
    const isLast = index === maxReceiveCount - 1;
    const ceiling = isLast ? 0 : Math.min(backoff.capSeconds, backoff.baseSeconds * 2 ** index);
    return Math.max(timeoutSeconds + ceiling, visibilitySeconds(settings));
  });
  return hidden.reduce((sum, seconds) => sum + seconds, 0);
}
