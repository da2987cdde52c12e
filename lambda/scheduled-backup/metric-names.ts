/** Metrics of alarms and dashboards, each with the Backup bucket as a dimension. */
export type MetricName =
  | 'CompletedBackups'
  | 'CopiedObjects'
  | 'CopiedBytes'
  | 'SkippedObjects'
  | 'FailedObjects'
  | 'MismatchedObjects'
  | 'RefusedRuns'
  | 'PrunedDays'
  | 'RestoredObjects';

/** Dimension beside the service; alarms of the same template can refer to it. */
export const metricDimension = 'BackupBucket';
