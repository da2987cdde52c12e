import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Deployment } from './deployment';
import { findFunctions, readLogLines } from './log-lines';

/** Log line in the embedded metric format. */
export interface MetricLine {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly [{ readonly Namespace: string; readonly Dimensions: readonly string[][] }];
  };
  readonly service: string;
  readonly OrdersTable: string;
  readonly NeedsAttention: number;
  readonly NotNotified: number;
  readonly StuckOrders: number;
  readonly OldestApproval: number;
}

/** Invokes WatchOrders, as its schedule does every few minutes, and returns the metrics that it logs. */
export async function countOrders(deployment: Deployment): Promise<MetricLine> {
  const { run, lambda } = deployment;
  const FunctionName = (await findFunctions(deployment)).find((name) => name.includes('-WatchOrders'));
  const since = Date.now();
  const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
  run.assert(FunctionError === undefined, 'WatchOrders succeeds', FunctionError);
  return run.eventually('the line with the metrics', async () => {
    const lines = await readLogLines(deployment, since - 1_000);
    const found = lines
      .filter((line) => line.startsWith('{"_aws":'))
      .map((line) => JSON.parse(line) as MetricLine)
      .findLast((line) => line._aws.Timestamp >= since);
    return found?.OrdersTable === run.output('OrdersTableName') ? found : undefined;
  });
}

/** Returns the alarm on a metric with exactly the namespace and dimensions of the log line. */
export function findAlarm(alarms: readonly MetricAlarm[], line: MetricLine, metric: string): MetricAlarm | undefined {
  const [{ Namespace: namespace }] = line._aws.CloudWatchMetrics;
  const dimensions = readDimensions(line);
  return alarms.find(({ Namespace, MetricName, Dimensions = [] }) => {
    const same = Dimensions.every(({ Name = '', Value }) => dimensions.get(Name) === Value);
    return Namespace === namespace && MetricName === metric && same && Dimensions.length === dimensions.size;
  });
}

export function readDimensions(line: MetricLine): Map<string, unknown> {
  const [{ Dimensions }] = line._aws.CloudWatchMetrics;
  return new Map(Dimensions.flat().map((name) => [name, line[name as keyof MetricLine]]));
}
