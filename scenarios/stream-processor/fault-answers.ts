import type { FaultAnswers } from '../shared/fault-catalog';

const noFiles = { notApplicable: 'it reads no files' };

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['exact-windows'] },
  'out-of-order': {
    provedBy: ['exact-windows', 'test/lambda/stream-processor/projection.test.ts'],
  },
  'partial-batch-failure': { provedBy: ['exact-windows'] },
  'poison-message': { provedBy: ['exact-windows'], note: 'whole records go to the bucket Failures' },
  'killed-process': { provedBy: ['killed-workers'] },
  'near-timeout': { provedBy: ['test/lambda/stream-processor/retry-policy.test.ts'] },
  throttling: { provedBy: ['disturbed-calls', 'test/lambda/stream-processor/retry-policy.test.ts'] },
  'slow-dependency': { provedBy: ['test/lambda/shared/client-limits.test.ts'] },
  'dropped-connection': { provedBy: ['disturbed-calls', 'outage'] },
  'connection-loss': { notApplicable: 'each call is a separate request' },
  'unknown-outcome': { provedBy: ['disturbed-calls', 'test/lambda/stream-processor/dynamodb-windows.test.ts'] },
  'odd-keys': { notApplicable: 'ids of devices and readings have a small alphabet, and keys are made from times' },
  'bad-files': noFiles,
  'hostile-formats': noFiles,
  'decompression-bomb': noFiles,
  recursion: { notApplicable: 'nothing that it writes returns to its streams' },
  'huge-batch': {
    provedBy: ['test/lambda/stream-processor/simulation.test.ts'],
    note: 'an invocation has at most 6 MB of records, and a transaction at most 100 items',
  },
  'gone-before-read': noFiles,
  'changed-while-read': { provedBy: ['test/lambda/stream-processor/dynamodb-windows.test.ts'] },
  'interrupted-run': { notApplicable: 'no run: a batch is processed by one invocation' },
  'damaged-copy': { notApplicable: 'nothing is copied' },
  injection: { notApplicable: 'no query language' },
  'malformed-input': { provedBy: ['exact-windows', 'triggers', 'test/lambda/stream-processor/reading.test.ts'] },
  'reused-token': { notApplicable: 'no tokens' },
};
export default answers;
