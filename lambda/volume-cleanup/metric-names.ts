/** Metrics of alarms, each with the Candidates table as a dimension. */
export type MetricName = 'CompletedRuns' | 'FailedVolumes' | 'DeletedVolumes' | 'SavedDollars';

/** Dimension beside the service; alarms of the same template can refer to it. */
export const metricDimension = 'CandidatesTable';
