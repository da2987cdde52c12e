import { publishMetrics } from '../shared/observability';
import { metricDimension, type MetricName } from './metric-names';

/** Writes metrics with the Backup bucket as their dimension. */
export function publishBackupMetrics(bucket: string, values: Readonly<Partial<Record<MetricName, number>>>): void {
  const { CopiedBytes, ...counts } = values;
  publishMetrics(
    { [metricDimension]: bucket },
    { ...counts, CopiedBytes: CopiedBytes === undefined ? undefined : { value: CopiedBytes, unit: 'Bytes' } },
  );
}
