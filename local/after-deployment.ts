import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { nameOf, resourcesOf, type Assembly } from './localize/assembly';
import type { AppliedRule } from './localize/rule';
import { region } from './connection';

export interface ReservedConcurrency {
  readonly stack: string;
  readonly logicalId: string;
  readonly name: string;
  readonly executions: number;
}

/** Functions of the deployed stacks with executions of their own. */
export function reservedConcurrency(assembly: Assembly, stackIds: readonly string[]): ReservedConcurrency[] {
  return resourcesOf(assembly, 'AWS::Lambda::Function').flatMap((placed) => {
    const executions = placed.resource.Properties?.['ReservedConcurrentExecutions'];
    const isDeployed = stackIds.includes(placed.stack.id);
    if (typeof executions !== 'number' || !isDeployed) return [];
    return [{ stack: placed.stack.id, logicalId: placed.id, name: nameOf(placed), executions }];
  });
}

/** Sets by call what the emulator's CloudFormation drops. */
export async function setReservedConcurrency(
  functions: readonly ReservedConcurrency[],
  endpoint: string,
  certificate: string,
): Promise<AppliedRule[]> {
  if (functions.length === 0) return [];
  const settings = {
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // Node reads NODE_EXTRA_CA_CERTS when it starts, which is too late for this process.
    requestHandler: { httpsAgent: new Agent({ ca: readFileSync(certificate) }), requestTimeout: 10_000 },
  };
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
      reason: "the emulator's CloudFormation drops it, so it is set by a call after the deployment",
      touched: functions.map(({ name }) => name),
    },
  ];
}
