import * as z from 'zod/mini';

export const requestIdSchema = z.string().check(z.regex(/^r-[0-9a-f]{24}$/));

/** Payload that the state machine passes to its functions: never what a person wrote. */
export const stepSchema = z.object({ requestId: requestIdSchema, round: z.int().check(z.positive()) });
