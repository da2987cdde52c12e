import { inspect } from 'node:util';
import { RuntimeFailure } from './failure';
import type { Handler } from './load-handler';
import type { Invocation } from './runtime-api';

/** Node 24 is AWS's first runtime that does not support handlers with a callback. */
const firstWithoutCallbacks = 24;

/**
 * @param executionEnvironment such as `AWS_Lambda_nodejs24.x`
 * @throws RuntimeFailure as on AWS, for a handler with a callback where callbacks are not supported
 */
export function checkSignature(handler: Handler, executionEnvironment: string | undefined): void {
  if (handler.length < 3 || takesCallbacks(executionEnvironment)) return;
  throw new RuntimeFailure(
    'Runtime.CallbackHandlerDeprecated',
    'handlers with a callback are no longer supported from Node.js 24 on: return a promise instead',
  );
}

/** Invokes a handler of any supported signature. */
export async function invoke(
  handler: Handler,
  event: unknown,
  context: object,
  executionEnvironment: string | undefined,
): Promise<unknown> {
  if (!takesCallbacks(executionEnvironment) || handler.length < 3) return handler(event, context);
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, result: unknown): void => {
      if (error === null || error === undefined) resolve(result);
      else reject(error instanceof Error ? error : new Error(inspect(error)));
    };
    const returned = handler(event, context, callback);
    if (returned instanceof Promise) returned.then(resolve, reject);
  });
}

/** Context object of an invocation. */
export function contextOf(invocation: Invocation, environment: NodeJS.ProcessEnv, now: () => number): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: environment['AWS_LAMBDA_FUNCTION_VERSION'],
    memoryLimitInMB: environment['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: environment['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: environment['AWS_LAMBDA_LOG_STREAM_NAME'],
    awsRequestId: invocation.requestId,
    invokedFunctionArn: invocation.functionArn,
    clientContext: parsed(invocation.clientContext),
    identity: parsed(invocation.identity),
    getRemainingTimeInMillis: () => invocation.deadlineMilliseconds - now(),
  };
}

function takesCallbacks(executionEnvironment: string | undefined): boolean {
  const major = Number(/nodejs(\d+)/.exec(executionEnvironment ?? '')?.[1] ?? firstWithoutCallbacks);
  return major < firstWithoutCallbacks;
}

function parsed(json: string | undefined): unknown {
  return json === undefined || json === '' ? undefined : (JSON.parse(json) as unknown);
}
