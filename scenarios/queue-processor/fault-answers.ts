import type { FaultAnswers } from '../shared/fault-catalog';

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['exactly-once'] },
  'out-of-order': { provedBy: ['exactly-once', 'in-order'] },
  'partial-batch-failure': { provedBy: ['exactly-once', 'test/lambda/queue-processor/fulfil-order.test.ts'] },
  'poison-message': { provedBy: ['exactly-once', 'redrive', 'held-back'] },
  'killed-process': { provedBy: ['killed-workers'] },
  'near-timeout': {
    provedBy: ['test/lambda/queue-processor/deadline.test.ts', 'test/lambda/queue-processor/fulfil-order.test.ts'],
  },
  throttling: { provedBy: ['throttling'] },
  'slow-dependency': { provedBy: ['disturbed-calls', 'test/lambda/queue-processor/fulfil-order.test.ts'] },
  'dropped-connection': { provedBy: ['disturbed-calls'] },
  'connection-loss': { notApplicable: 'DynamoDB: each call is a request of its own' },
  'unknown-outcome': { provedBy: ['disturbed-calls', 'killed-workers'] },
  'odd-keys': { notApplicable: 'keys of payloads are made by the producer, and read as they are' },
  'bad-files': { provedBy: ['redrive'], note: 'payloads that are missing or no order are set aside' },
  'hostile-formats': { notApplicable: 'no files are decoded' },
  'decompression-bomb': { notApplicable: 'no files are decoded' },
  recursion: { notApplicable: 'nothing that it writes comes back to its queue' },
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
