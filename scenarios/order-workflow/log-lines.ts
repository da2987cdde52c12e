import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import type { Deployment } from './deployment';

const logs = new CloudWatchLogsClient({});

/** Every log line that the functions of the stack have written since a moment. */
export async function logLines(deployment: Deployment, since: number): Promise<string[]> {
  const { lambda } = deployment;
  const lines: string[] = [];
  for (const FunctionName of await functionsOf(deployment)) {
    const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    lines.push(...(await linesOf(LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`, since)));
  }
  return lines;
}

/**
 * Every line of the state machine's log since a moment; undefined where the target keeps none, as an emulator. AWS names the
 * log group, and makes a first stream when it checks that it may write there; that the machine has one, its template says.
 */
export async function machineLogLines({ run, sfn }: Deployment, since: number): Promise<string[] | undefined> {
  const { loggingConfiguration } = await sfn.send(
    new DescribeStateMachineCommand({ stateMachineArn: run.output('OrderStateMachineArn') }),
  );
  const arn = loggingConfiguration?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  if (arn === undefined) return undefined;
  const logGroupName = arn.replace(/^.*:log-group:/, '').replace(/:\*$/, '');
  const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName, limit: 1 }));
  return logStreams.length === 0 ? undefined : linesOf(logGroupName, since);
}

async function linesOf(logGroupName: string, startTime: number): Promise<string[]> {
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({ logGroupName, startTime, ...(nextToken === undefined ? {} : { nextToken }) }),
    );
    lines.push(...(page.events ?? []).map(({ message = '' }) => message));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

/** The names of the stack's functions. */
export async function functionsOf({ run, lambda }: Pick<Deployment, 'run' | 'lambda'>): Promise<string[]> {
  const stack = run.output('ReceiveOrderFunctionName').replace(/-ReceiveOrder.*$/, '');
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda.send(new ListFunctionsCommand(Marker === undefined ? {} : { Marker }));
    names.push(...(page.Functions ?? []).map(({ FunctionName = '' }) => FunctionName));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return names.filter((name) => name.startsWith(`${stack}-`));
}
