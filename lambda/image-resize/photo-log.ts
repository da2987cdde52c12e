import type { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { ReconcileResult } from './reconcile';

/** Result for one photo of an event. `key-too-long`: its output keys exceed S3's limit, so it is skipped. */
export type PhotoResult = (ReconcileResult & { readonly attempts: number }) | { readonly outcome: 'key-too-long' };

/** Logger and metrics of the function; of an event, only the fields named in this file are ever logged. */
export interface PhotoLog {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly metrics: { addMetric(name: string, unit: 'Count', value: number): unknown };
}

/** Metric that counts each outcome. */
const metricNames: Record<PhotoResult['outcome'], string> = {
  resized: 'Resized',
  unchanged: 'Unchanged',
  removed: 'Removed',
  missing: 'Missing',
  rejected: 'Rejected',
  'key-too-long': 'KeyTooLong',
};

/** Writes one log line for a photo and counts its outcome. */
export function logResult(log: PhotoLog, key: string, result: PhotoResult, milliseconds: number): void {
  const { outcome } = result;
  count(log, metricNames[outcome]);
  if (!('attempts' in result)) {
    log.logger.warn('photo skipped: its output keys would exceed 1,024 bytes', { key, outcome });
    return;
  }
  const { attempts } = result;
  if (attempts > 1) count(log, 'Superseded');
  const versionId = 'versionId' in result ? result.versionId : undefined;
  const reason = 'reason' in result ? result.reason : undefined;
  log.logger.info('photo reconciled', { key, versionId, outcome, reason, attempts, milliseconds });
}

/** Writes one log line for a photo that failed and counts it. */
export function logFailure(log: PhotoLog, key: string, failure: unknown, milliseconds: number): void {
  count(log, 'Failed');
  const { errorName, errorMessage } =
    failure instanceof Error
      ? { errorName: failure.name, errorMessage: failure.message }
      : { errorName: 'unknown', errorMessage: String(failure) };
  log.logger.error('photo failed', { key, milliseconds, errorName, errorMessage });
}

function count({ metrics }: PhotoLog, name: string): void {
  metrics.addMetric(name, MetricUnit.Count, 1);
}
