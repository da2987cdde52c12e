import * as z from 'zod/mini';
import { orderIdSchema } from './order';

/** What the state machine hands to each of its functions: the order's id, and never the order. */
export const stepSchema = z.object({ orderId: orderIdSchema });

/** @throws Error that names each wrong field and no value */
export function parseInput<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const wrong = [...new Set(parsed.error.issues.map((issue) => issue.path.map(String).join('.') || 'the whole'))];
  throw new InvalidInput(`wrong or missing in the input: ${wrong.join(', ')}`);
}

/** A function was called with something that is not its input. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}
