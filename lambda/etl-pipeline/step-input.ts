import * as z from 'zod/mini';
import { splitSchema, transformTotalsSchema } from './accounting';
import { fileSchema, formatSchema } from './file';

/** Data that the state machine carries from step to step. */
export const runSchema = z.object({
  file: fileSchema,
  /** Start of the execution. */
  startedAt: z.string(),
  format: z.optional(formatSchema),
  split: z.optional(splitSchema),
  transformed: z.optional(transformTotalsSchema),
  /** Why the whole file goes to quarantine. */
  refusal: z.optional(z.string()),
  /** Error that ended the execution's steps. */
  failure: z.optional(z.object({ Error: z.string() })),
});

export type Run = z.output<typeof runSchema>;

/** Run once the file's format is known. */
export const formattedRunSchema = z.extend(runSchema, { format: formatSchema });
export const splitRunSchema = z.extend(formattedRunSchema, { split: splitSchema });

/** One chunk of a map, by the key of the object that holds it. */
export const chunkSchema = z.object({ file: fileSchema, format: formatSchema, chunk: z.string() });

/** Step of the machine that comes next; `nothing`: another execution has the file, or it is of no dataset. */
export type Decision = 'inspect' | 'nothing' | 'split' | 'transform' | 'decide' | 'load' | 'report';

export type Decided = Run & { readonly decision: Decision };
