import type { Dimension, MetricAlarm } from '@aws-sdk/client-cloudwatch';

/** Dimensions of an alarm's metric, or of all metrics of its expression. */
export function dimensionsOf({ Dimensions = [], Metrics = [] }: MetricAlarm): Dimension[] {
  return [...Dimensions, ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? [])];
}
