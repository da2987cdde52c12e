import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** Ends a machine as its schedule would, now. Needs `lambda:InvokeFunction`. */
export async function invokeEnd(
  { client, functionName }: { readonly client: Pick<LambdaClient, 'send'>; readonly functionName: string },
  requestId: string,
): Promise<void> {
  const Payload = JSON.stringify({ requestId, because: 'due' });
  await client.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }));
}
