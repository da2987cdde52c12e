import { Stack } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Namespace of the metrics that functions publish. */
export const metricNamespace = 'ServerlessReferenceArchitectures';

/**
 * Variables from which Powertools takes the service and the namespace of a function's logs and metrics.
 *
 * The service is the stack's name: sandbox and prod may be in one account, where equal dimensions are one metric.
 */
export function metricEnvironment(scope: Construct): Record<string, string> {
  return { POWERTOOLS_SERVICE_NAME: Stack.of(scope).stackName, POWERTOOLS_METRICS_NAMESPACE: metricNamespace };
}

/** Metric that functions of the scope's stack publish, with the dimensions of the options beside the service. */
export function serviceMetric(scope: Construct, metricName: string, options: MetricOptions): Metric {
  return new Metric({
    ...options,
    namespace: metricNamespace,
    metricName,
    dimensionsMap: { service: Stack.of(scope).stackName, ...options.dimensionsMap },
  });
}
