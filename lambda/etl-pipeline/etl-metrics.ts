import { publishMetrics, type Measurement } from '../shared/observability';
import { metricDimension, type MetricName } from './metric-names';

/** Writes metrics with the Rows table as their dimension. */
export function publishEtlMetrics(table: string, values: Readonly<Partial<Record<MetricName, Measurement>>>): void {
  publishMetrics({ [metricDimension]: table }, values);
}
