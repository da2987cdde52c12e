import * as z from 'zod/mini';
import { parseJson, parseReadings, type Reading } from './reading';

/** Message of the queue, with its own result. */
export interface QueuedReading {
  readonly messageId: string;
  readonly body: string;
}

/** Way in which a function was invoked, and its input. */
export type RecordingRequest =
  | { readonly kind: 'http'; readonly body: string }
  | { readonly kind: 'queue'; readonly messages: readonly QueuedReading[] }
  /** Synchronous or asynchronous: a function cannot tell. */
  | { readonly kind: 'invocation'; readonly input: unknown };

const httpSchema = z.object({
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  body: z.optional(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
});

const queueSchema = z.object({
  Records: z.array(z.object({ eventSource: z.literal('aws:sqs'), messageId: z.string(), body: z.string() })),
});

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html, https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function requestOf(event: unknown): RecordingRequest {
  const http = httpSchema.safeParse(event);
  if (http.success) {
    const { body = '', isBase64Encoded = false } = http.data;
    return { kind: 'http', body: isBase64Encoded ? Buffer.from(body, 'base64').toString() : body };
  }
  const queue = queueSchema.safeParse(event);
  if (queue.success) return { kind: 'queue', messages: queue.data.Records };
  return { kind: 'invocation', input: event };
}

/** @throws InvalidReadingError */
export function readingsIn(body: string): Reading[] {
  return parseReadings(parseJson(body));
}
