import { metricLine } from '../../../lambda/order-workflow/order-metrics';

it('the figures are metrics of the table alone, which is what the alarms watch', () => {
  const line = JSON.parse(
    metricLine('Namespace', 'orders-1', { NeedsAttention: 2, OldestApproval: 90 }, 1_000),
  ) as object;
  expect(line).toMatchObject({ OrdersTable: 'orders-1', NeedsAttention: 2, OldestApproval: 90 });
  expect(line).toHaveProperty('_aws.CloudWatchMetrics.0.Dimensions', [['OrdersTable']]);
  expect(line).toHaveProperty('_aws.CloudWatchMetrics.0.Metrics.1', { Name: 'OldestApproval', Unit: 'Seconds' });
});
