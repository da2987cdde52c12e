import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Deployment } from './deployment';

/** What a function is forbidden for a while. */
export interface Denial {
  /** The state that calls it. */
  readonly state: string;
  readonly actions: readonly string[];
  /** The output that names the table; every table where it is absent. */
  readonly table?: string;
}

/** Forbids it, until the function that this gives is called, at the latest at the end of the check. */
export async function deny(
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
  run.cleanUp(`what ${functionName} may do`, restore);
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument }));
  return restore;
}
