import * as z from 'zod/mini';
import { environmentSchema } from './run';

/** Environments in a variable of a function, as JSON. */
export const environmentsSchema = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string): unknown => JSON.parse(text)),
  ),
  z.array(environmentSchema),
);
