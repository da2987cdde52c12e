import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Duration } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { metricDimension, type MetricName } from '../../lambda/scheduled-backup/metric-names';

/** Where the functions' own metrics are, as Powertools is told by the environment. */
export const metrics = { namespace: 'ServerlessReferenceArchitectures', service: 'scheduled-backup' } as const;

/** The sum of a metric that the functions write, with the dimensions that they write it with. */
export function sumOf(metricName: MetricName, backup: IBucket, period: Duration): Metric {
  return new Metric({
    namespace: metrics.namespace,
    metricName,
    dimensionsMap: { service: metrics.service, [metricDimension]: backup.bucketName },
    statistic: 'Sum',
    period,
  });
}
