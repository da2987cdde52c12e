import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Deployment } from './deployment';
import { alterMachine } from './machine';

/** Waits for the task token of an order that a person is asked about; only a scenario with rights of its own can read it. */
export async function tokenOf({ run, lambda, dynamodb }: Deployment, orderId: string): Promise<string> {
  const FunctionName = run.output('DecideApprovalFunctionName');
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const TableName = Environment?.Variables?.['APPROVALS_TABLE_NAME'];
  return run.eventually(`the approval of ${orderId} to be asked for`, async () => {
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { orderId: { S: orderId } } }));
    return Item?.['taskToken']?.S;
  });
}

/** Has approvals expire after so many seconds, for orders that come from now on, until the end of the check. */
export function shortenApprovals(deployment: Deployment, seconds: number): Promise<() => Promise<void>> {
  return alterMachine(deployment, 'the timeout of approvals', {
    'Ask for approval': (state) => {
      state.TimeoutSeconds = seconds;
    },
  });
}
