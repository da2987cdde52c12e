import * as z from 'zod/mini';
import { refusals, RenderRefusedError } from './render-errors';

const stateSchema = z.object({
  /** Key of the request in the input bucket. */
  requestKey: z.string(),
  /** Number of the attempt, from 1. */
  attempt: z.number(),
});

/** State of a large rendering: keys alone, whatever the document holds. */
export type LargeRender = z.output<typeof stateSchema>;

/** An attempt that has ended; without an error the document has been rendered. */
export const attemptSchema = z.extend(stateSchema, {
  execution: z.string(),
  failure: z.object({ Error: z.optional(z.string()), Cause: z.optional(z.string()) }),
});
export type Attempt = z.output<typeof attemptSchema>;

/** Attempts that a large document gets. */
const maximumAttempts = 3;

export interface Decision {
  readonly next: 'rendered' | 'again' | 'set-aside';
  /** Number of the next attempt. */
  readonly attempt: number;
  /** Why the request is set aside. */
  readonly refused?: RenderRefusedError;
}

/** Decides what follows an attempt. A task reports a document that can never be rendered by `RenderRefusedError`. */
export function decide({ attempt, failure }: Attempt): Decision {
  const { Error: error, Cause: cause = '' } = failure;
  if (error === undefined) return { next: 'rendered', attempt };
  const reason = error === 'RenderRefusedError' ? refusals.find((one) => cause.startsWith(`${one}: `)) : undefined;
  if (reason !== undefined) {
    return { next: 'set-aside', attempt, refused: new RenderRefusedError(reason, cause.slice(reason.length + 2)) };
  }
  if (attempt < maximumAttempts) return { next: 'again', attempt: attempt + 1 };
  const detail = `attempt ${attempt} ended with ${error}: ${cause}`;
  return { next: 'set-aside', attempt, refused: new RenderRefusedError('task-failed', detail) };
}
