import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';

/** A client for all requests of a function's life, which takes region, credentials and endpoint from the environment. */
export function connectToStepFunctions(): SFNClient {
  return new SFNClient({
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
}

/** Whether an execution (ARN) is under way; one that was forgotten is not. Needs `states:DescribeExecution`. */
export async function isRunning(client: Pick<SFNClient, 'send'>, executionArn: string): Promise<boolean> {
  try {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' || status === 'PENDING_REDRIVE';
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return false;
    throw error;
  }
}
