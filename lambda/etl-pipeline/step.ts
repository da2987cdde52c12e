import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { translateBusyErrors } from '../shared/service-busy';
import { FileRefusedError } from './errors';
import type { Decided, Run } from './step-input';
import { timeLimitOf, type TimeLimit } from './time-limit';

/** Makes the handler of a step, which checks its input and has one name for all errors that a later attempt may clear. */
export function step<Schema extends z.ZodMiniType, Result>(
  schema: Schema,
  run: (input: z.output<Schema>, limit: TimeLimit) => Promise<Result>,
): (input: unknown, context: Context) => Promise<Result> {
  return translateBusyErrors(async (input, context) => {
    logger.addContext(context);
    return run(parseInput(schema, input), timeLimitOf(context));
  });
}

/** Does the work of a step; a file that it refuses goes to quarantine with the reason. */
export async function orRefusal(run: Run, work: () => Promise<Decided>): Promise<Decided> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FileRefusedError)) throw error;
    return { ...run, decision: 'report', refusal: error.message };
  }
}
