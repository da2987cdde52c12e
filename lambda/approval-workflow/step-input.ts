import * as z from 'zod/mini';
import { invalidPaths } from '../shared/input-issues';

export const requestIdSchema = z.string().check(z.regex(/^r-[0-9a-f]{24}$/));

/** Payload that the state machine passes to its functions: never what a person wrote. */
export const stepSchema = z.object({ requestId: requestIdSchema, round: z.int().check(z.positive()) });

/** A function was called with an input that does not fit its schema. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
}

/** @throws InvalidInputError that names each wrong field and no value */
export function parseInput<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(`wrong or missing: ${invalidPaths(parsed.error).join(', ')}`);
}
