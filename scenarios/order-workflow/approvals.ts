import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Deployment } from './deployment';
import { alterStateMachine } from './state-machine';

/** Waits for the task token of an order that needs approval; no output names its table. */
export async function waitForTaskToken({ run, lambda, dynamodb }: Deployment, orderId: string): Promise<string> {
  const FunctionName = run.output('DecideApprovalFunctionName');
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const TableName = Environment?.Variables?.['APPROVALS_TABLE_NAME'];
  return run.eventually(`the task token of ${orderId}`, async () => {
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { orderId: { S: orderId } } }));
    return Item?.['taskToken']?.S;
  });
}

/** Sets the timeout of approvals for executions that start from now on; restored at the end of the check. */
export function shortenApprovalTimeout(deployment: Deployment, seconds: number): Promise<() => Promise<void>> {
  return alterStateMachine(deployment, {
    'Ask for approval': (state) => {
      const payload = state.Arguments?.['Payload'] as object;
      state.Arguments = { ...state.Arguments, Payload: { ...payload, timeoutSeconds: seconds } };
      state.TimeoutSeconds = seconds;
    },
  });
}
