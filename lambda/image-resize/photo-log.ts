import { countMetric, errorFields, logger } from '../shared/observability';
import type { ReconcileResult } from './reconcile';

/** Result for one photo of an event. `key-too-long`: its output keys exceed S3's limit, so it is skipped. */
export type PhotoResult = (ReconcileResult & { readonly attempts: number }) | { readonly outcome: 'key-too-long' };

/** Metric that counts each outcome. */
const metricNames: Record<PhotoResult['outcome'], string> = {
  resized: 'Resized',
  unchanged: 'Unchanged',
  removed: 'Removed',
  missing: 'Missing',
  rejected: 'Rejected',
  'key-too-long': 'KeyTooLong',
};

/** Writes one log line for a photo and counts its outcome; of an event, only the fields named here are ever logged. */
export function logResult(key: string, result: PhotoResult, milliseconds: number): void {
  const { outcome } = result;
  countMetric(metricNames[outcome]);
  if (!('attempts' in result)) {
    logger.warn('photo skipped: its output keys would exceed 1,024 bytes', { key, outcome });
    return;
  }
  const { attempts } = result;
  if (attempts > 1) countMetric('Superseded');
  const versionId = 'versionId' in result ? result.versionId : undefined;
  const reason = 'reason' in result ? result.reason : undefined;
  const detail = 'detail' in result ? result.detail : undefined;
  logger.info('photo reconciled', { key, versionId, outcome, reason, detail, attempts, milliseconds });
}

/** Writes one log line for a photo that failed and counts it. */
export function logFailure(key: string, failure: unknown, milliseconds: number): void {
  countMetric('Failed');
  logger.error('photo failed', { key, milliseconds, ...errorFields(failure) });
}
