import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { GetQueryResultsCommand, StartQueryCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { setTimeout as wait } from 'node:timers/promises';
import type { FunctionUse } from './recommend';

export interface UseClients {
  readonly cloudFormation: CloudFormationClient;
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly logs: Pick<CloudWatchLogsClient, 'send'>;
}

export interface UseOptions {
  readonly stack: string;
  readonly days: number;
  readonly now: () => number;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

const query = `filter type = "platform.report"
| stats count(*) as invocations, max(record.metrics.maxMemoryUsedMB) as used, pct(record.metrics.durationMs, 50) as p50,
    pct(record.metrics.durationMs, 99) as p99, avg(record.metrics.billedDurationMs) as billed`;

/** Reads Lambda's reports of every function of a stack, in the order of the template's ids. */
export async function functionUses(clients: UseClients, options: UseOptions): Promise<FunctionUse[]> {
  const names: string[] = [];
  const pages = paginateListStackResources({ client: clients.cloudFormation }, { StackName: options.stack });
  for await (const { StackResourceSummaries = [] } of pages) {
    for (const { ResourceType, PhysicalResourceId } of StackResourceSummaries) {
      if (ResourceType === 'AWS::Lambda::Function' && PhysicalResourceId !== undefined) names.push(PhysicalResourceId);
    }
  }
  const uses: FunctionUse[] = [];
  // One after the other: an account runs few queries at once.
  for (const name of names.sort()) uses.push(await useOf(clients, name, options));
  return uses;
}

async function useOf({ lambda, logs }: UseClients, name: string, options: UseOptions): Promise<FunctionUse> {
  const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  const { MemorySize = 128, Timeout = 3, Architectures = [], LoggingConfig } = configuration;
  const row = await queryLogs(logs, LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`, options);
  return {
    name,
    architecture: Architectures[0] === 'arm64' ? 'arm64' : 'x86_64',
    memoryMegabytes: MemorySize,
    timeoutSeconds: Timeout,
    invocations: row('invocations'),
    usedMegabytes: row('used'),
    p50: row('p50'),
    p99: row('p99'),
    billed: row('billed'),
  };
}

async function queryLogs(
  logs: UseClients['logs'],
  logGroupName: string,
  { days, now, sleep = wait }: UseOptions,
): Promise<(field: string) => number> {
  const endTime = Math.floor(now() / 1_000);
  const { queryId } = await logs.send(
    new StartQueryCommand({ logGroupName, queryString: query, startTime: endTime - days * 86_400, endTime }),
  );
  for (let attempt = 0; attempt < 120; attempt += 1) {
    const { status, results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    if (status === 'Complete') {
      const fields = new Map(results[0]?.map(({ field, value }) => [field, Number(value)]) ?? []);
      return (field) => fields.get(field) ?? 0;
    }
    if (status !== 'Scheduled' && status !== 'Running') {
      throw new Error(`the query of ${logGroupName} ended as ${status ?? 'unknown'}: run the command again`);
    }
    await sleep(1_000);
  }
  throw new Error(`the query of ${logGroupName} did not end within two minutes: ask for fewer days`);
}
