import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { resourcesOf } from '../../operations/purge/stack-resources';
import { deployedFunctions } from '../local/invocations/deployed-functions';
import { statisticsOf, type FinishedInvocation } from '../local/invocations/statistics';
import type { Assembly } from '../local/localize/assembly';
import type { FunctionStatistics } from '../scenario-runner/function-observer';
import { references } from '../template/template';
import type { Account } from './account';

/** https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report */
const reportSchema = z.object({
  type: z.literal('platform.report'),
  record: z.object({
    status: z.string(),
    metrics: z.object({
      durationMs: z.number(),
      maxMemoryUsedMB: z.number(),
      initDurationMs: z.number().optional(),
    }),
  }),
});

/**
 * Statistics of each function: from the reports that Lambda writes to its log, and throttles from CloudWatch, whose last minutes
 * may be missing.
 *
 * @param since milliseconds since 1970
 */
export async function functionFigures(
  account: Account,
  assembly: Assembly,
  stackId: string,
  id: string,
  since: number,
  cloudWatch = new CloudWatchClient({}),
): Promise<FunctionStatistics[]> {
  const stack = assembly.stacks.find((one) => one.id === id);
  const functions = [...deployedFunctions(assembly)].flatMap(([key, one]) => (key.startsWith(`${id}/`) ? [one] : []));
  const physical = new Map((await resourcesOf(account.cloudFormation, stackId)).map((one) => [one.logicalId, one.id]));
  const finished: FinishedInvocation[] = [];
  for (const one of functions) {
    const logging = stack?.template.Resources[one.logicalId]?.Properties?.['LoggingConfig'];
    const group = physical.get(references(logging)[0] ?? '');
    if (group === undefined) continue;
    for (const { time, text } of await reportsIn(account.logs, group, since)) {
      // A function with another log format writes text beside.
      const { success, data } = reportSchema.safeParse(text.startsWith('{') ? JSON.parse(text) : undefined);
      if (!success) continue;
      const { status, metrics } = data.record;
      finished.push({
        function: one,
        time,
        milliseconds: metrics.durationMs,
        memoryMegabytes: metrics.maxMemoryUsedMB,
        coldStart: metrics.initDurationMs !== undefined,
        failed: status !== 'success',
      });
    }
  }
  const throttles = new Map<string, number>();
  for (const { name, logicalId } of functions) {
    throttles.set(name, await throttlesOf(cloudWatch, physical.get(logicalId) ?? '', since));
  }
  return statisticsOf(functions, finished).map((one) => ({ ...one, throttles: throttles.get(one.function) ?? 0 }));
}

async function throttlesOf(client: CloudWatchClient, functionName: string, since: number): Promise<number> {
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName: 'Throttles',
      Dimensions: [{ Name: 'FunctionName', Value: functionName }],
      Statistics: ['Sum'],
      // At most 1,440 data points in an answer: five days.
      Period: 300,
      StartTime: new Date(since),
      EndTime: new Date(),
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}

async function reportsIn(
  client: CloudWatchLogsClient,
  logGroupName: string,
  startTime: number,
): Promise<{ time: number; text: string }[]> {
  const request = { logGroupName, startTime, filterPattern: '{ $.type = "platform.report" }' };
  const reports: { time: number; text: string }[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client }, request)) {
    reports.push(...events.map(({ timestamp = 0, message = '' }) => ({ time: timestamp, text: message })));
  }
  return reports;
}
