import { never, retry, type State, type States } from '../constructs/asl';
import { invokeFunction } from '../constructs/invoke-function';
import { invokeUntilFinished as untilFinished } from '../constructs/map-states';
import type { ServiceFunction } from '../constructs/service-function';

/** Retriers of every step. */
const retriers = [
  never(['InvalidRequestError', 'SupersededError']),
  // Nothing ran, because other functions use up the concurrency of the account: that can last for hours. Each retry is three of an
  // execution's 25,000 events.
  retry(['Lambda.TooManyRequestsException'], { intervalSeconds: 2, maxAttempts: 2_000, maxDelaySeconds: 120 }),
  retry(['States.ALL'], { intervalSeconds: 2, maxAttempts: 5, maxDelaySeconds: 60 }),
];

/** Task that invokes a function of the stack. */
export function invoke(step: ServiceFunction, payload: object | string, more: object): State {
  return invokeFunction(step, payload, retriers, more);
}

/** States of a map's child that invoke a function until it has finished its batch or part. */
export function invokeUntilFinished(
  name: string,
  step: ServiceFunction,
  payload: object | string,
  more: object = {},
): States {
  return untilFinished(name, step, payload, retriers, more);
}

/** Folder in the journal for the outputs of a map's children. */
export const mapResultsPrefix = 'runs/maps/';

/** Identity and start time of the execution, in the input of every first step. */
export const executionContext = {
  'id.$': '$$.Execution.Id',
  'name.$': '$$.Execution.Name',
  'startedAt.$': '$$.Execution.StartTime',
};
