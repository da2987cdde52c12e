import { integration, type State } from './asl';
import type { ServiceFunction } from './service-function';

/** Task that invokes a function; `payload` is an object, or the path of one. */
export function invokeFunction(
  { function: invoked }: ServiceFunction,
  payload: object | string,
  retriers: readonly object[],
  more: object,
): State {
  return {
    Type: 'Task',
    Resource: integration('lambda:invoke'),
    Parameters: {
      FunctionName: invoked.functionArn,
      ...(typeof payload === 'string' ? { 'Payload.$': payload } : { Payload: payload }),
    },
    // Lambda's own timeout ends the function; this one is for an answer that never arrives.
    TimeoutSeconds: (invoked.timeout?.toSeconds() ?? 900) + 30,
    Retry: retriers,
    ...more,
  };
}
