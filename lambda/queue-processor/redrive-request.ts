import * as z from 'zod/mini';
import { failureReasons, type FailureReason } from './order-failure';

/** Reason of a message whose function ended before it could save one: killed, out of memory, timed out. */
export const unrecorded = 'unrecorded';

const reasons = Object.keys(failureReasons) as [FailureReason, ...FailureReason[]];
export const redriveReasons = [...reasons, unrecorded] as const;
export type RedriveReason = (typeof redriveReasons)[number];

/** Highest rate of a redrive, in messages a second. */
export const maximumPerSecond = 1_000;

/** Input of the function `RedriveDeadLetters`. */
export const redriveRequestSchema = z.strictObject({
  /** Reads everything and changes nothing. */
  dryRun: z._default(z.boolean(), false),
  /** Maximum number of messages to send. */
  max: z.optional(z.int().check(z.minimum(1))),
  /** Skips messages that were sent less than so many seconds ago. */
  olderThanSeconds: z._default(z.int().check(z.minimum(0)), 0),
  /** Skips messages that failed for another reason. */
  reason: z.optional(z.enum(redriveReasons)),
  /** Maximum number of messages to send in a second, so that a service that has just recovered is not overloaded. */
  perSecond: z._default(z.int().check(z.minimum(1), z.maximum(maximumPerSecond)), 20),
  /**
   * Skips messages that were sent later (milliseconds since 1970): those were redriven and have failed again.
   *
   * @default the time of the invocation; further invocations of one redrive pass the `startedAt` of the first
   */
  startedAt: z.optional(z.int().check(z.minimum(0))),
});
export type RedriveRequest = z.infer<typeof redriveRequestSchema>;

/** A dead letter as it is shown to the operator: why it failed, nothing of its content. */
export const sampledDeadLetterSchema = z.object({
  messageId: z.string(),
  reason: z.string(),
  detail: z.string(),
  orderId: z.optional(z.string()),
  ageSeconds: z.number(),
});
export type SampledDeadLetter = z.infer<typeof sampledDeadLetterSchema>;

/** Response of the function `RedriveDeadLetters`, after about 20 seconds at most. */
export const redriveResponseSchema = z.object({
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  /** Approximate number of messages in the queue when it began. */
  found: z.number(),
  /** Messages that were examined. */
  examined: z.number(),
  /** Messages that the queue Orders accepted; in a dry run, those that match. */
  sent: z.number(),
  /** Number of those by the reason of their failure. */
  reasons: z.record(z.string(), z.number()),
  /** Number of matching messages that the queue Orders can never accept, by its error code; they stay. */
  refused: z.record(z.string(), z.number()),
  /** Age of the oldest message that was sent, in seconds; 0 if there is none. */
  oldestSeconds: z.number(),
  sample: z.array(sampledDeadLetterSchema),
  /** Approximate number of messages in the queue when it ended, hidden ones included. */
  remaining: z.number(),
  /** Whether time ran out, so that more may match. */
  unfinished: z.boolean(),
  /** Name of the error that ended it early; messages that were not sent are still in the queue. */
  error: z.optional(z.string()),
});
export type RedriveResponse = z.infer<typeof redriveResponseSchema>;
