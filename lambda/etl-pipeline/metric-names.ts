/** Metrics of alarms and the dashboard, each with the Rows table as a dimension. */
export type MetricName =
  | 'LoadedFiles'
  | 'QuarantinedFiles'
  | 'FailedFiles'
  | 'LoadedRows'
  | 'UnchangedRows'
  | 'OlderRows'
  | 'RejectedRows'
  | 'RejectPercent'
  | 'OpenFiles'
  | 'OldestOpenFile'
  | 'ExtractedFiles';

/** Dimension beside the service; alarms of the same template can refer to it. */
export const metricDimension = 'RowsTable';
