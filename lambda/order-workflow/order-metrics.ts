/** `NeedsAttention` in orders, `OldestApproval` in seconds. */
export type Figures = Readonly<Record<'NeedsAttention' | 'OldestApproval', number>>;

/**
 * A log line that CloudWatch reads as metrics, in its embedded metric format.
 *
 * By hand, since the one dimension has to be the table, a resource of the stack that the alarms name; libraries add the
 * service's name to it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine(namespace: string, table: string, figures: Figures, timestamp: number): string {
  const metrics = [
    { Name: 'NeedsAttention', Unit: 'Count' },
    { Name: 'OldestApproval', Unit: 'Seconds' },
  ];
  const directive = { Namespace: namespace, Dimensions: [['OrdersTable']], Metrics: metrics };
  return JSON.stringify({
    _aws: { Timestamp: timestamp, CloudWatchMetrics: [directive] },
    OrdersTable: table,
    ...figures,
  });
}
