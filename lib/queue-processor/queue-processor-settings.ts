import { z } from 'zod';

/** SQS hides a message for at most twelve hours. */
const longestVisibilitySeconds = 43_200;

/** The settings of queue-processor, as `-c queue-processor='{…}'` or as the key `queue-processor` of the context in `cdk.json`. */
export const queueProcessorSettings = z
  .strictObject({
    /** Orders that one invocation is given at most; above 10 only with a batching window. */
    batchSize: z.int().min(1).max(100).default(10),
    /** How long orders are gathered for a batch that is not full. */
    batchingWindowSeconds: z.int().min(0).max(300).default(0),
    /** Batches that are worked on at once: the tables bear it, and the account's other functions are left their share. */
    maximumConcurrency: z.int().min(2).max(1_000).default(10),
    /** A message that failed so often is set aside. Fewer than three, and a short disturbance sets good orders aside. */
    maxReceiveCount: z.int().min(1).max(100).default(5),
    timeoutSeconds: z.int().min(5).max(900).default(20),
    memoryMegabytes: z.int().min(256).max(10_240).default(512),
    /** Keeps the orders of one customer in order. Changing it makes new queues: empty the old ones first. */
    fifo: z.boolean().default(false),
    /** Where it is absent, the stage decides. */
    dashboard: z.boolean().optional(),
    backoff: z
      .strictObject({
        /** The most that is waited after the first failure; doubles with each further one. */
        baseSeconds: z.int().min(1).max(900).default(5),
        capSeconds: z.int().min(1).max(longestVisibilitySeconds).default(300),
      })
      .prefault({}),
    /** No order is begun when less is left of an invocation; the last 1.5 seconds are for what follows on a failure. */
    safetyMarginMilliseconds: z.int().min(2_000).max(60_000).default(3_000),
    /** The alarm is raised when an order has waited so long. */
    lateAfterSeconds: z.int().min(60).max(86_400).default(900),
    /** Payloads that claim checks point to are deleted so many days after they were put: above all waits of a message. */
    payloadDays: z.int().min(30).max(3_650).default(90),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const { batchSize, batchingWindowSeconds, fifo, timeoutSeconds, backoff, safetyMarginMilliseconds } = settings;

    if (fifo && batchSize > 10) refuse(['batchSize'], 'use at most 10 with fifo, which SQS allows no more');
    if (fifo && batchingWindowSeconds > 0) {
      refuse(['batchingWindowSeconds'], 'use 0 with fifo: a mapping of a FIFO queue gathers no batches');
    }
    if (!fifo && batchSize > 10 && batchingWindowSeconds === 0) {
      refuse(
        ['batchSize'],
        'use at most 10, or a batchingWindowSeconds of at least 1: without it no larger batch is gathered',
      );
    }
    if (6 * timeoutSeconds + batchingWindowSeconds > longestVisibilitySeconds) {
      refuse(['timeoutSeconds'], `use less: six timeouts and the window pass the ${longestVisibilitySeconds} s of SQS`);
    }
    if (safetyMarginMilliseconds * 2 > timeoutSeconds * 1_000) {
      refuse(
        ['safetyMarginMilliseconds'],
        `use at most ${timeoutSeconds * 500}, half of timeoutSeconds, or no time is left for orders`,
      );
    }
    if (backoff.capSeconds < backoff.baseSeconds) {
      refuse(['backoff', 'capSeconds'], `use at least backoff.baseSeconds (${backoff.baseSeconds})`);
    }
  });

export type QueueProcessorSettings = z.output<typeof queueProcessorSettings>;
