import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { Deployment } from './deployment';

/** Every log line that the functions of the stack have written since a moment. */
export async function logLines({ run, lambda }: Deployment, since: number): Promise<string[]> {
  const logs = new CloudWatchLogsClient({});
  const stack = run.output('ReceiveOrderFunctionName').replace(/-ReceiveOrder.*$/, '');
  const lines: string[] = [];
  for (const FunctionName of await functionsOf({ lambda }, stack)) {
    const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    let nextToken: string | undefined;
    do {
      const page = await logs.send(
        new FilterLogEventsCommand({
          logGroupName: LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`,
          startTime: since,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      lines.push(...(page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  return lines;
}

async function functionsOf({ lambda }: Pick<Deployment, 'lambda'>, stack: string): Promise<string[]> {
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda.send(new ListFunctionsCommand(Marker === undefined ? {} : { Marker }));
    names.push(...(page.Functions ?? []).map(({ FunctionName = '' }) => FunctionName));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return names.filter((name) => name.startsWith(`${stack}-`));
}
