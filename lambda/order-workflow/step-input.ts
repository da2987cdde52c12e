import * as z from 'zod/mini';
import { invalidPaths } from '../shared/input-issues';
import { orderIdSchema } from './order';

/**
 * Payload that the state machine passes to its functions: the order's id and the generation of the execution, never the order.
 * An operator who repeats a step leaves out the generation.
 */
export const stepSchema = z.object({ orderId: orderIdSchema, generation: z.optional(z.int().check(z.positive())) });
export type Step = z.output<typeof stepSchema>;

/** @throws InvalidInputError that names each wrong field and no value */
export function parseInput<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(`wrong or missing: ${invalidPaths(parsed.error).join(', ')}`);
}

/** A function was called with an input that does not fit its schema. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
}
