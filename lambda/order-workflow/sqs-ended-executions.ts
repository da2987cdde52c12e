import * as z from 'zod/mini';

const messageSchema = z.object({ messageId: z.string(), body: z.string() });
const eventSchema = z.object({ Records: z.array(messageSchema) });

/** Of the event that Step Functions sends when an execution ends; the rest of it may hold what the order says. */
const bodySchema = z.object({
  detail: z.object({ name: z.string(), status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']) }),
});

export interface EndedExecution {
  readonly messageId: string;
  /** Undefined where the message says no such thing. */
  readonly ended: { readonly orderId: string; readonly status: string } | undefined;
}

/** The executions that a batch says have ended. */
export function endedExecutions(event: unknown): EndedExecution[] {
  return eventSchema.parse(event).Records.map(({ messageId, body }) => {
    const parsed = bodySchema.safeParse(jsonOf(body));
    return {
      messageId,
      ended: parsed.success ? { orderId: parsed.data.detail.name, status: parsed.data.detail.status } : undefined,
    };
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
