/** The metrics that alarms and people look at, each with the Backup bucket as its dimension. */
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

/** The dimension beside the service: what an alarm of the same template can name. */
export const metricDimension = 'BackupBucket';
