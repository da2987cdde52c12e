import type { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { PhotoReport } from './photo-batch';

/** Every way a photo can end, and the metric that counts it. */
const metricNames = {
  resized: 'Resized',
  unchanged: 'Unchanged',
  removed: 'Removed',
  missing: 'Missing',
  rejected: 'Rejected',
  'key-too-long': 'KeyTooLong',
} as const;

/** What is needed of Powertools Metrics. */
interface MetricStore {
  addMetric(name: string, unit: 'Count', value: number): unknown;
  hasStoredMetrics(): boolean;
  publishStoredMetrics(): void;
}

/** Writes one log line and counts one metric for each photo; of an event, only the fields named here are ever logged. */
export class PhotoRecorder {
  constructor(
    private readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>,
    private readonly metrics: MetricStore,
  ) {}

  record(report: PhotoReport): void {
    const { key } = report;
    const milliseconds = Math.round(report.milliseconds);
    if ('failure' in report) {
      this.count('Failed');
      this.logger.error('photo failed', { key, milliseconds, ...failureFields(report.failure) });
      return;
    }
    const { result } = report;
    this.count(metricNames[result.outcome]);
    if (!('rounds' in result)) {
      this.logger.warn('photo skipped: its output keys would pass 1,024 bytes', { key, outcome: result.outcome });
      return;
    }
    if (result.rounds > 1) this.count('Superseded');
    const { outcome, rounds } = result;
    const versionId = 'versionId' in result ? result.versionId : undefined;
    const reason = 'reason' in result ? result.reason : undefined;
    this.logger.info('photo settled', { key, versionId, outcome, reason, rounds, milliseconds });
  }

  /** Metrics are log lines too: without this they would be written with the next invocation, or never. */
  flush(): void {
    if (this.metrics.hasStoredMetrics()) this.metrics.publishStoredMetrics();
  }

  private count(name: string): void {
    this.metrics.addMetric(name, MetricUnit.Count, 1);
  }
}

function failureFields(failure: unknown): { errorName: string; errorMessage: string } {
  return failure instanceof Error
    ? { errorName: failure.name, errorMessage: failure.message }
    : { errorName: 'unknown', errorMessage: String(failure) };
}
