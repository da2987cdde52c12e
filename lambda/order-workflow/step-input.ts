import * as z from 'zod/mini';
import { orderIdSchema } from './order';

/**
 * Payload that the state machine passes to its functions: the order's id and the generation of the execution, never the order.
 * An operator who repeats a step leaves out the generation.
 */
export const stepSchema = z.object({ orderId: orderIdSchema, generation: z.optional(z.int().check(z.positive())) });
export type Step = z.output<typeof stepSchema>;
