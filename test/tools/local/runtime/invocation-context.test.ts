import { contextOf } from '../../../../tools/local/runtime/invocation-context';

test('the context has the function, the request id and the remaining time', () => {
  const invocation = {
    requestId: 'r-1',
    deadlineMilliseconds: 10_000,
    functionArn: 'arn:f',
    traceId: undefined,
    clientContext: '{"custom":1}',
    identity: '',
    event: '{}',
  };
  const environment = { AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512' };
  const context = contextOf(invocation, environment, () => 7_500) as { getRemainingTimeInMillis(): number };
  expect(context.getRemainingTimeInMillis()).toBe(2_500);
  expect(context).toMatchObject({
    awsRequestId: 'r-1',
    invokedFunctionArn: 'arn:f',
    functionName: 'f',
    memoryLimitInMB: '512',
    clientContext: { custom: 1 },
    identity: undefined,
  });
});
