import { countMetric, errorFields, logger } from '../shared/observability';
import type { ReconcileResult } from './reconcile';

/**
 * Result for one photo of an event. `key-too-long`: its output keys exceed S3's limit, so it is skipped. `not-found`: S3 does
 * not have it, and its event waits in the NotFound queue.
 */
export type PhotoResult =
  | (ReconcileResult & { readonly attempts: number })
  | { readonly outcome: 'key-too-long' | 'not-found' };

/** Metric that counts each outcome. */
const metricNames: Record<PhotoResult['outcome'], string> = {
  resized: 'Resized',
  unchanged: 'Unchanged',
  removed: 'Removed',
  missing: 'Missing',
  rejected: 'Rejected',
  'key-too-long': 'KeyTooLong',
  'not-found': 'NotFound',
};

const skipped = {
  'key-too-long': 'photo skipped: its output keys would exceed 1,024 bytes',
  'not-found': 'photo not found: its event waits in the NotFound queue',
} as const;

/** Writes one log line for a photo and counts its outcome; of an event, only the fields named here are ever logged. */
export function logResult(key: string, result: PhotoResult, milliseconds: number): void {
  const { outcome } = result;
  countMetric(metricNames[outcome]);
  if (!('attempts' in result)) {
    logger.warn(skipped[result.outcome], { key, outcome });
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
