import * as z from 'zod/mini';
import { failureReasons, type FailureReason } from './order-failure';

/** Messages whose function was cut off before it could say why: killed, out of memory, timed out. */
export const unrecorded = 'unrecorded';

const reasons = Object.keys(failureReasons) as [FailureReason, ...FailureReason[]];
export const redriveReasons = [...reasons, unrecorded] as const;
export type RedriveReason = (typeof redriveReasons)[number];

/** What `RedriveDeadLetters` is asked; whoever asks uses this schema. */
export const redriveRequestSchema = z.strictObject({
  /** Looks at everything and changes nothing. */
  dryRun: z._default(z.boolean(), false),
  /** Sends back at most so many. */
  max: z.optional(z.int().check(z.minimum(1))),
  /** Leaves messages that were sent less than so many seconds ago. */
  olderThanSeconds: z._default(z.int().check(z.minimum(0)), 0),
  /** Leaves messages that failed for another reason. */
  reason: z.optional(z.enum(redriveReasons)),
  /** Sends back at most so many each second, so that a mended cause is not overrun at once. */
  perSecond: z._default(z.int().check(z.minimum(1), z.maximum(100)), 20),
});
export type RedriveRequest = z.infer<typeof redriveRequestSchema>;

/** A dead letter for a person's eye: why it is there, nothing of what it says. */
export const sampledLetterSchema = z.object({
  messageId: z.string(),
  reason: z.string(),
  detail: z.string(),
  orderId: z.optional(z.string()),
  ageSeconds: z.number(),
});
export type SampledLetter = z.infer<typeof sampledLetterSchema>;

/** What `RedriveDeadLetters` answers after at most about 20 seconds of work. */
export const redriveAnswerSchema = z.object({
  /** Messages in the queue when it began, about. */
  found: z.number(),
  /** Messages that were looked at. */
  looked: z.number(),
  /** Messages that the queue `Orders` accepted; in a dry run, those that match. */
  sent: z.number(),
  /** Of those, how many failed for which reason. */
  reasons: z.record(z.string(), z.number()),
  /** Age of the oldest of those, in seconds; 0 if there are none. */
  oldestSeconds: z.number(),
  sample: z.array(sampledLetterSchema),
  /** Messages in the queue when it ended, about, hidden ones included. */
  left: z.number(),
  /** Time ran out: there may be more that match. */
  again: z.boolean(),
  /** Name of the error that ended it early; what was not sent is still in the queue. */
  error: z.optional(z.string()),
});
export type RedriveAnswer = z.infer<typeof redriveAnswerSchema>;
