import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Deployment } from './deployment';
import { readMachine } from './machine';

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
export async function shortenApprovals({ run, sfn }: Deployment, seconds: number): Promise<() => Promise<void>> {
  const stateMachineArn = run.output('OrderStateMachineArn');
  const { definition } = await readMachine(run, sfn);
  let short = true;
  const restore = async (): Promise<void> => {
    if (!short) return;
    await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
    short = false;
  };
  run.cleanUp('the timeout of approvals', restore);
  const parsed = JSON.parse(definition) as { States: Record<string, { TimeoutSeconds?: number }> };
  const approval = parsed.States['Ask for approval'];
  if (approval === undefined) throw new Error("the machine has no state 'Ask for approval': deploy the stack again");
  approval.TimeoutSeconds = seconds;
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(parsed) }));
  return restore;
}
