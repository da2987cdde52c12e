import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { dimensionsOf } from './alarm-dimensions';
import { readRunbook, runbookLink } from './runbook-entries';
import pMap from 'p-map';
import type { ScenarioRun } from './scenario';

/** Below the account's quota of concurrent Logs Insights queries. */
const concurrency = 4;
/** Seconds of logs that are searched: whether a query is valid does not depend on what it finds. */
const windowSeconds = 60;

/**
 * Runs the queries of the alarms' runbook entries on the logs of the functions that the alarms watch.
 *
 * @returns the number of queries, and one line for each that the service rejected or did not complete
 */
export async function runQueries(
  run: ScenarioRun,
  alarms: readonly MetricAlarm[],
): Promise<{ readonly number: number; readonly failed: readonly string[] }> {
  const links = alarms.flatMap(({ AlarmDescription = '' }) => runbookLink(AlarmDescription) ?? []);
  const asked = [...Map.groupBy(links, ({ slug }) => slug)].flatMap(([slug, ofPage]) =>
    readRunbook(slug)
      .filter((entry) => ofPage.some(({ anchor }) => anchor === entry.anchor))
      .flatMap(({ heading, queries }) => queries.map((query) => ({ heading, query }))),
  );
  const [client, logGroupNames] = [new CloudWatchLogsClient({}), await logGroupsOf(alarms)];
  const states = await pMap(
    asked,
    async ({ heading, query }) => {
      const endTime = Math.ceil(Date.now() / 1_000);
      const window = { startTime: endTime - windowSeconds, endTime };
      const started = new StartQueryCommand({ logGroupNames, queryString: query, ...window });
      const state = await client.send(started).then(
        ({ queryId }) => stateOf(run, client, heading, queryId),
        (error: unknown) => String(error),
      );
      return `${heading}: ${state}`;
    },
    { concurrency },
  );
  return { number: asked.length, failed: states.filter((state) => !state.endsWith(': Complete')) };
}

function stateOf(
  run: ScenarioRun,
  client: CloudWatchLogsClient,
  heading: string,
  queryId: string | undefined,
): Promise<string> {
  return run.eventually(`the query of ${heading} to end`, async () => {
    const { status } = await client.send(new GetQueryResultsCommand({ queryId }));
    return status === 'Scheduled' || status === 'Running' ? undefined : status;
  });
}

async function logGroupsOf(alarms: readonly MetricAlarm[]): Promise<string[]> {
  const lambda = new LambdaClient({});
  const dimensions = alarms.flatMap(dimensionsOf);
  const functions = new Set(dimensions.filter(({ Name }) => Name === 'FunctionName').map(({ Value = '' }) => Value));
  return pMap(
    functions,
    async (FunctionName) => {
      const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      return LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
    },
    { concurrency },
  );
}
