import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';

/**
 * Returns whether an execution is running or is about to be redriven; one that Step Functions no longer knows is not. Needs
 * `states:DescribeExecution`.
 */
export async function isExecutionRunning(
  { client }: { readonly client: Pick<SFNClient, 'send'> },
  executionArn: string,
): Promise<boolean> {
  try {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' || status === 'PENDING_REDRIVE';
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return false;
    throw error;
  }
}
