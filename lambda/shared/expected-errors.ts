import type { Context } from 'aws-lambda';
import { expectedErrorsMetric, functionDimension } from './metric-names';
import { publishMetrics } from './observability';

type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/** Wraps a handler so that errors of this kind, which it throws all the same, are counted as expected and raise no alarm. */
export function countExpectedErrors<Event, Result>(
  isExpected: (error: unknown) => boolean,
  handler: Handler<Event, Result>,
): Handler<Event, Result> {
  return async (event, context) => {
    try {
      return await handler(event, context);
    } catch (error) {
      if (isExpected(error))
        publishMetrics({ [functionDimension]: context.functionName }, { [expectedErrorsMetric]: 1 });
      throw error;
    }
  };
}
