import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import type { Deployment } from './deployment';

const logs = new CloudWatchLogsClient({});

/** Log lines of the stack's functions since a time in milliseconds. */
export async function readLogLines(deployment: Deployment, since: number): Promise<string[]> {
  const { lambda } = deployment;
  const lines: string[] = [];
  for (const FunctionName of await findFunctions(deployment)) {
    const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    lines.push(...(await readLogGroup(LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`, since)));
  }
  return lines;
}

/**
 * Log lines of the state machine since a time in milliseconds; undefined if the target writes no such log, as an emulator.
 *
 * AWS creates a first log stream when it checks the permission to write. A test of the template requires the log group.
 */
async function readStateMachineLog({ run, sfn }: Deployment, since: number): Promise<string[] | undefined> {
  const { loggingConfiguration } = await sfn.send(
    new DescribeStateMachineCommand({ stateMachineArn: run.output('OrderStateMachineArn') }),
  );
  const arn = loggingConfiguration?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  if (arn === undefined) return undefined;
  const logGroupName = arn.replace(/^.*:log-group:/, '').replace(/:\*$/, '');
  const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName, limit: 1 }));
  return logStreams.length === 0 ? undefined : readLogGroup(logGroupName, since);
}

async function readLogGroup(logGroupName: string, startTime: number): Promise<string[]> {
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

/** Names of the stack's functions. */
export async function findFunctions({ run, lambda }: Pick<Deployment, 'run' | 'lambda'>): Promise<string[]> {
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

/** Waits for the state machine's log of an order; returns no lines if the target writes no such log. */
export async function readAvailableStateMachineLog(
  deployment: Deployment,
  since: number,
  orderId: string,
): Promise<string[]> {
  const { run } = deployment;
  const lines = await run.eventually("the state machine's log", async () => {
    const all = await readStateMachineLog(deployment, since);
    return all === undefined || all.some((line) => line.includes(orderId)) ? { all } : undefined;
  });
  if (lines.all === undefined) run.log('this target writes no log of state machines: a test of the template covers it');
  run.metric("lines of the state machine's log read", lines.all?.length ?? 0);
  return lines.all ?? [];
}
