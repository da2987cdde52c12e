import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { nameOf, resourcesOf, type Assembly } from './localize/assembly';
import type { AppliedRule } from './localize/rule';
import { clientSettings } from './client-settings';

export interface ReservedConcurrency {
  readonly stack: string;
  readonly logicalId: string;
  readonly name: string;
  readonly executions: number;
}

/** Functions of the deployed stacks with reserved concurrency. */
export function reservedConcurrency(assembly: Assembly, stackIds: readonly string[]): ReservedConcurrency[] {
  return resourcesOf(assembly, 'AWS::Lambda::Function').flatMap((placed) => {
    const executions = placed.resource.Properties?.['ReservedConcurrentExecutions'];
    const isDeployed = stackIds.includes(placed.stack.id);
    if (typeof executions !== 'number' || !isDeployed) return [];
    return [{ stack: placed.stack.id, logicalId: placed.id, name: nameOf(placed), executions }];
  });
}

/** Sets reserved concurrency by API calls, since the emulator's CloudFormation drops it. */
export async function setReservedConcurrency(
  functions: readonly ReservedConcurrency[],
  endpoint: string,
  certificate: string,
): Promise<AppliedRule[]> {
  if (functions.length === 0) return [];
  const settings = clientSettings(endpoint, certificate);
  const cloudFormation = new CloudFormationClient(settings);
  const lambda = new LambdaClient(settings);
  for (const { stack, logicalId, executions } of functions) {
    const { StackResourceDetail: found } = await cloudFormation.send(
      new DescribeStackResourceCommand({ StackName: stack, LogicalResourceId: logicalId }),
    );
    await lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: found?.PhysicalResourceId,
        ReservedConcurrentExecutions: executions,
      }),
    );
  }
  return [
    {
      name: 'reserved-concurrency',
      reason: "the emulator's CloudFormation drops the property; an API call sets it after the deployment",
      touched: functions.map(({ name }) => name),
    },
  ];
}
