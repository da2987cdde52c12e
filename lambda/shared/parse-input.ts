import type * as z from 'zod/mini';
import { invalidPaths } from './input-issues';

/** A function was called with an input that does not fit its schema. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
}

/** Parses the input of a step, or what a step has left. @throws InvalidInputError that names each wrong field and no value */
export function parseInput<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(`wrong or missing: ${invalidPaths(parsed.error).join(', ')}`);
}
