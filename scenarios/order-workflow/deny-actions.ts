import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Deployment } from './deployment';

/** Actions denied to a function. */
export interface Denial {
  readonly actions: readonly string[];
  /** Stack output with the table's name. @default every resource */
  readonly table?: string;
}

/**
 * Denies a function actions until the end of the check, or until the returned function is called.
 *
 * IAM is eventually consistent: on AWS calls may succeed for some seconds after either.
 */
export async function denyActions(
  deployment: Deployment,
  functionName: string,
  { actions, table }: Denial,
): Promise<() => Promise<void>> {
  const { run, lambda } = deployment;
  const iam = new IAMClient({});
  const { Role = '' } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
  const names = { RoleName: Role.replace(/^.*\//, ''), PolicyName: `Scenario${run.runId}` };
  const resource = table === undefined ? '*' : `arn:aws:dynamodb:*:*:table/${run.output(table)}`;
  const statement = { Effect: 'Deny', Action: actions, Resource: resource };
  let denied = true;
  const restore = async (): Promise<void> => {
    if (!denied) return;
    await iam.send(new DeleteRolePolicyCommand(names));
    denied = false;
  };
  run.cleanUp(`permissions of ${functionName}`, restore);
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument }));
  return restore;
}
