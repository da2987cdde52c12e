import type { Invocation } from './runtime-api';

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

function parsed(json: string | undefined): unknown {
  return json === undefined || json === '' ? undefined : (JSON.parse(json) as unknown);
}
