import { z } from 'zod';

/** A failed event as Lambda's on-failure destination describes it. */
export interface Failure {
  /** Lambda's reason, such as `RetriesExhausted` or `EventAgeExceeded`, or `PhotoNotFound`. */
  readonly condition: string;
  /** Absent where the function itself set the event aside. */
  readonly attempts?: number;
  /** Time at which it was set aside, where the record has one. */
  readonly failedAt?: Date;
  /** Last error of the function, in one line; absent if it never ran, as with an event that exceeded its age. */
  readonly reason?: string;
  readonly event: unknown;
}

/** Fields of Lambda's destination record that a redrive uses; the event is passed on as it is. */
const failureSchema = z.object({
  timestamp: z.coerce.date().optional().catch(undefined),
  responsePayload: z
    .object({ errorType: z.string().default('Error'), errorMessage: z.string().default('') })
    .optional()
    .catch(undefined),
  requestContext: z.object({ condition: z.string(), approximateInvokeCount: z.number().optional() }),
  requestPayload: z.unknown().refine((event) => event !== undefined),
});

/** Returns the failed event in a message's body, or undefined if there is none. */
export function readFailure(body: string): Failure | undefined {
  try {
    const { timestamp, requestContext, requestPayload, responsePayload } = failureSchema.parse(JSON.parse(body));
    const { condition, approximateInvokeCount } = requestContext;
    return {
      condition,
      ...(approximateInvokeCount !== undefined && { attempts: approximateInvokeCount }),
      ...(timestamp && { failedAt: timestamp }),
      ...(responsePayload && { reason: oneLine(`${responsePayload.errorType}: ${responsePayload.errorMessage}`) }),
      event: requestPayload,
    };
  } catch {
    return undefined;
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}
