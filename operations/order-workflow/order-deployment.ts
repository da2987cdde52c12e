import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { executionName } from '../../lambda/order-workflow/order';
import { requiredOutput, type Outputs } from '../command-line/stack-outputs';

/** Clients and outputs of a deployed stack. */
export interface OrderDeployment {
  readonly dynamodb: DynamoDBClient;
  readonly events: Pick<EventBridgeClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly sfn: Pick<SFNClient, 'send'>;
  /** @throws UsageError that names the output which the stack does not have */
  readonly output: (name: string) => string;
}

export function createDeployment(outputs: Outputs, stack: string): OrderDeployment {
  return {
    dynamodb: new DynamoDBClient({}),
    events: new EventBridgeClient({}),
    lambda: new LambdaClient({}),
    sfn: new SFNClient({}),
    output: (name) => requiredOutput(outputs, stack, name),
  };
}

/** ARN of an order's execution of a generation. */
export function executionArn({ output }: Pick<OrderDeployment, 'output'>, orderId: string, generation: number): string {
  const executions = output('OrderStateMachineArn').replace(':stateMachine:', ':execution:');
  return `${executions}:${executionName(orderId, generation)}`;
}

/** Status of an execution, or undefined if it never started or ended more than 90 days ago. */
export async function executionStatus({ sfn }: Pick<OrderDeployment, 'sfn'>, arn: string): Promise<string | undefined> {
  try {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
    return status;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
}

/** @throws Error with the function's error */
export async function invokeStep(
  { lambda, output }: Pick<OrderDeployment, 'lambda' | 'output'>,
  functionOutput: string,
  payload: object,
): Promise<void> {
  const FunctionName = output(functionOutput);
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
  );
  if (FunctionError === undefined) return;
  const { errorType = FunctionError, errorMessage = '' } = JSON.parse(
    Buffer.from(Payload ?? []).toString() || '{}',
  ) as {
    errorType?: string;
    errorMessage?: string;
  };
  throw new Error(`${FunctionName} failed: ${errorType}: ${errorMessage}`);
}
