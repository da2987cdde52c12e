import type { FaultAnswers } from '../shared/fault-catalog';

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['duplicates'] },
  'out-of-order': { provedBy: ['overwrites', 'storm', 'test/lambda/image-resize/reconcile.test.ts'] },
  'partial-batch-failure': { provedBy: ['records'], note: 'S3 sends events of several records; all are tried' },
  'poison-message': { provedBy: ['bad-input', 'failures'] },
  'killed-process': { provedBy: ['killed-workers'] },
  'near-timeout': { provedBy: ['test/lambda/image-resize/resize-image.test.ts'] },
  throttling: { provedBy: ['disturbed-calls', 'test/lambda/image-resize/s3-photos.test.ts'] },
  'slow-dependency': { provedBy: ['test/lambda/image-resize/s3-photos.test.ts'] },
  'dropped-connection': { provedBy: ['disturbed-calls'] },
  'connection-loss': { notApplicable: 'no database' },
  'unknown-outcome': { provedBy: ['disturbed-calls', 'duplicates'], note: 'the same variants again are no change' },
  'odd-keys': { provedBy: ['odd-keys'] },
  'bad-files': { provedBy: ['bad-input'] },
  'hostile-formats': { provedBy: ['formats', 'bad-input'] },
  'decompression-bomb': { provedBy: ['bombs'] },
  recursion: { provedBy: ['test/lib/image-resize/image-resize-settings.test.ts'] },
  'huge-batch': {
    provedBy: ['bombs', 'test/lambda/image-resize/settings.test.ts'],
    note: 'bytes and pixels are limited',
  },
  'gone-before-read': { provedBy: ['records', 'not-found'] },
  'changed-while-read': { provedBy: ['overwrites'] },
  'interrupted-run': { notApplicable: 'one photo, one invocation' },
  'damaged-copy': { notApplicable: 'variants are made again from the photo' },
  injection: { notApplicable: 'no database' },
  'malformed-input': { provedBy: ['test/lambda/image-resize/s3-event.test.ts'] },
  'reused-token': { notApplicable: 'no tokens' },
};
export default answers;
