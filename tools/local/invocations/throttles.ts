import { GetMetricStatisticsCommand, paginateListMetrics, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { FunctionStatistics } from '../../scenario-runner/function-observer';
import { functionNamed, type DeployedFunction } from './deployed-functions';

const metric = { Namespace: 'AWS/Lambda', MetricName: 'Throttles' } as const;
const daySeconds = 86_400;

/**
 * Throttled invocations since a time, by the physical name of the function: a function's runtime does not see them.
 *
 * Empty where the emulator has ended, which must not replace the error that ended the run.
 */
export async function readThrottles(client: CloudWatchClient, since: number): Promise<ReadonlyMap<string, number>> {
  try {
    return await throttlesByFunction(client, since);
  } catch {
    return new Map();
  }
}

async function throttlesByFunction(client: CloudWatchClient, since: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const { Metrics = [] } of paginateListMetrics({ client }, metric)) {
    for (const { Dimensions = [] } of Metrics) {
      const [name] = Dimensions.filter(({ Name }) => Name === 'FunctionName').map(({ Value }) => Value);
      if (name === undefined) continue;
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          ...metric,
          Dimensions,
          StartTime: new Date(since),
          EndTime: new Date(Date.now() + 60_000),
          Period: daySeconds,
          Statistics: ['Sum'],
        }),
      );
      counts.set(
        name,
        Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0),
      );
    }
  }
  return counts;
}

/** Statistics with the throttled invocations of each function. */
export function withThrottles(
  statistics: readonly FunctionStatistics[],
  throttles: ReadonlyMap<string, number>,
  functions: ReadonlyMap<string, DeployedFunction>,
): FunctionStatistics[] {
  const counted = [...throttles].map(([name, count]) => ({ invoked: functionNamed(functions, name), count }));
  return statistics.map((one) => {
    const own = counted.filter(({ invoked }) => invoked?.slug === one.slug && invoked.name === one.function);
    return { ...one, throttles: own.reduce((sum, { count }) => sum + count, 0) };
  });
}
