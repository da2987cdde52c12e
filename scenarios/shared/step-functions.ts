import { DescribeStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';

/** Names of the functions that a state machine calls, each once. */
export async function functionsCalledBy(sfn: SFNClient, stateMachineArn: string): Promise<string[]> {
  const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  return [...new Set([...definition.matchAll(/:function:([\w-]+)/g)].map(([, name]) => name ?? ''))];
}
