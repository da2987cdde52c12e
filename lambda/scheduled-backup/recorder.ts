import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { metricDimension, type MetricName } from './metric-names';

const units: Partial<Record<MetricName, keyof typeof MetricUnit>> = { CopiedBytes: 'Bytes' };

/** Writes metrics in CloudWatch's embedded format. */
export function recordMetrics(bucket: string, values: Partial<Record<MetricName, number>>): void {
  const metrics = new Metrics();
  metrics.addDimension(metricDimension, bucket);
  for (const [name, value] of Object.entries(values)) {
    metrics.addMetric(name, MetricUnit[units[name as MetricName] ?? 'Count'], value);
  }
  metrics.publishStoredMetrics();
}

export const logger = new Logger();
