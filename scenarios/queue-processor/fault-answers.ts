import type { FaultAnswers } from '../shared/fault-catalog';

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['exactly-once'] },
  'out-of-order': { provedBy: ['exactly-once', 'in-order'] },
  'partial-batch-failure': { provedBy: ['exactly-once', 'test/lambda/queue-processor/fulfil-order.test.ts'] },
  'poison-message': { provedBy: ['exactly-once', 'redrive', 'held-back'] },
  'killed-process': { provedBy: ['killed-workers'] },
  'near-timeout': {
    provedBy: ['test/lambda/shared/deadline.test.ts', 'test/lambda/queue-processor/fulfil-order.test.ts'],
  },
  throttling: { provedBy: ['throttling'] },
  'slow-dependency': { provedBy: ['disturbed-calls', 'test/lambda/queue-processor/fulfil-order.test.ts'] },
  'dropped-connection': { provedBy: ['disturbed-calls'] },
  'connection-loss': { notApplicable: 'each DynamoDB call is a separate request' },
  'unknown-outcome': { provedBy: ['disturbed-calls', 'killed-workers'] },
  'odd-keys': { notApplicable: 'payload keys come from the producer and are read unchanged' },
  'bad-files': { provedBy: ['redrive'], note: 'messages with missing or malformed payloads become dead letters' },
  'hostile-formats': { notApplicable: 'no files are decoded' },
  'decompression-bomb': { notApplicable: 'no files are decoded' },
  recursion: { notApplicable: 'nothing that it writes returns to its queue' },
  'huge-batch': {
    provedBy: ['test/lambda/queue-processor/s3-payloads.test.ts'],
    note: 'payloads above 5 MiB are not read',
  },
  'gone-before-read': { provedBy: ['redrive'] },
  'changed-while-read': { notApplicable: 'an order does not change once it is sent' },
  'interrupted-run': { provedBy: ['killed-workers'] },
  'damaged-copy': { notApplicable: 'nothing is copied' },
  injection: { notApplicable: 'no query language' },
  'malformed-input': { provedBy: ['exactly-once', 'test/lambda/queue-processor/read-order.test.ts'] },
  'reused-token': { notApplicable: 'no tokens' },
};
export default answers;
