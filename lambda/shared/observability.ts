import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';

// Marked as pure, so that a bundle holds only what its handler uses: the logger alone costs half of both at a cold start.

/** Logger of a function; its handler adds the invocation's context. */
export const logger = /* @__PURE__ */ new Logger();

const metrics = /* @__PURE__ */ new Metrics();

/** Adds to a metric under the function's service, which `flushMetrics` writes. */
export function countMetric(name: string, value = 1): void {
  metrics.addMetric(name, MetricUnit.Count, value);
}

/** Writes the invocation's metrics: they are log lines, and would be written with the next invocation otherwise, or never. */
export function flushMetrics(): void {
  // Publishing none logs a warning.
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/** A count, or an amount with its unit. */
export type Measurement = number | { readonly value: number; readonly unit: keyof typeof MetricUnit };

/**
 * Writes metrics of one resource at once, under the function's service and this dimension, such as `{ OrdersTable: … }`.
 *
 * An alarm of the same template can name the resource.
 */
export function publishMetrics(
  dimension: Readonly<Record<string, string>>,
  measurements: Readonly<Record<string, Measurement | undefined>>,
): void {
  const single = new Metrics();
  single.addDimensions({ ...dimension });
  for (const [name, measurement] of Object.entries(measurements)) {
    if (measurement === undefined) continue;
    const { value, unit } =
      typeof measurement === 'number' ? { value: measurement, unit: 'Count' as const } : measurement;
    single.addMetric(name, MetricUnit[unit], value);
  }
  if (single.hasStoredMetrics()) single.publishStoredMetrics();
}

/** Fields of a log line about an error. Its message may repeat input, such as a key: leave that out where input is personal. */
export function errorFields(thrown: unknown): { errorName: string; errorMessage: string } {
  return thrown instanceof Error
    ? { errorName: thrown.name, errorMessage: thrown.message }
    : { errorName: typeof thrown, errorMessage: String(thrown) };
}
