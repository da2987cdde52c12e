/** Metrics that the sweep publishes. */
export type MetricName = 'LostBuildEvents' | 'HeadsWithoutRun' | 'OldestOpenRun';

/** Dimension of the metrics: the table of runs, beside the service. */
export const metricDimension = 'RunsTable';
