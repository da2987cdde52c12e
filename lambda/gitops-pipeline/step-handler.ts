import type { Context } from 'aws-lambda';
import { logger } from '../shared/observability';
import { translateBusyErrors } from '../shared/service-busy';
import { stateSchema, type State } from './run';

/** Handler of a step that receives the execution's state and returns the next one. */
export function stepHandler<Result>(
  act: (state: State, now: Date) => Promise<Result>,
): (event: unknown, context: Context) => Promise<Result> {
  return translateBusyErrors(async (event, context) => {
    logger.addContext(context);
    const state = stateSchema.parse(event);
    logger.appendKeys({ runId: state.run.id, round: state.round });
    return act(state, new Date());
  });
}
