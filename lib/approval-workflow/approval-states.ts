import { integration, retryFor, transientLambdaErrors, type State } from '../constructs/asl';

/** Longer than the timeout of any function, so that a function's own error is seen first. */
const taskSeconds = 65;

/** Timeout of the function that takes decisions, in seconds. */
export const decideTimeoutSeconds = 10;

/** Seconds that a decision has to arrive after the approval has expired in its table. */
export const graceSeconds = decideTimeoutSeconds + 5;

const requestId = '{% $states.context.Execution.Input.requestId %}';
const round = '{% $states.context.Execution.Input.round %}';

/**
 * Retriers of every function: throttling and busy services for hours, a failure of the function itself a few times. Throttled by
 * Lambda, a function has not run, so these attempts are counted apart.
 */
export function functionRetriers(withTimeout = true): object[] {
  const throttled = 'Lambda.TooManyRequestsException';
  const others = transientLambdaErrors.filter((error) => error !== throttled);
  return [
    retryFor([throttled, 'ServiceBusyError'], { seconds: 14_400, intervalSeconds: 1, maxDelaySeconds: 300 }),
    // The timeout of a state that waits for a person is not an error of its function.
    retryFor(withTimeout ? others : others.filter((error) => error !== 'States.Timeout'), {
      seconds: 60,
      intervalSeconds: 1,
      maxDelaySeconds: 20,
    }),
  ];
}

/** Task that invokes a function with the request's id and round; `callback` waits for a task token. */
export function invoke(functionArn: string, payload: object, callback = ''): State {
  return {
    Type: 'Task',
    Resource: integration(`lambda:invoke${callback}`),
    Arguments: { FunctionName: functionArn, Payload: { requestId, round, ...payload } },
    TimeoutSeconds: taskSeconds,
    Output: {},
  };
}

/** Catcher that closes the request, with why. */
export function closing(because: string, reason: string, next: string, errors = ['States.ALL']): object {
  return { ErrorEquals: errors, Assign: { because, reason }, Next: next };
}
