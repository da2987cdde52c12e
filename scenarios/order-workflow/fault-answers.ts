import type { FaultAnswers } from '../shared/fault-catalog';

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['two-hundred-at-once'] },
  'out-of-order': { provedBy: ['approvals'], note: 'a decision after the end changes nothing' },
  'partial-batch-failure': { provedBy: ['test/lambda/order-workflow/mark-ended-order.test.ts'] },
  'poison-message': { provedBy: ['every-path'] },
  'killed-process': { provedBy: ['killed-while-charging'] },
  'near-timeout': {
    provedBy: ['every-path', 'test/lib/order-workflow/order-definition.test.ts'],
    note: 'a function does one thing; every task has a timeout, after which it is tried again under the same key',
  },
  throttling: {
    provedBy: ['disturbed-calls', 'test/lib/order-workflow/order-definition.test.ts'],
    note: 'every task has the service retries',
  },
  'slow-dependency': { provedBy: ['two-hundred-at-once', 'every-path'], note: 'pm-slow' },
  'dropped-connection': { provedBy: ['disturbed-calls'] },
  'connection-loss': { notApplicable: 'DynamoDB: each call is a request of its own' },
  'unknown-outcome': { provedBy: ['disturbed-calls', 'killed-while-charging', 'every-path'] },
  'odd-keys': { notApplicable: 'ids are letters, digits, _ and -' },
  'bad-files': { notApplicable: 'no files' },
  'hostile-formats': { notApplicable: 'no files' },
  'decompression-bomb': { notApplicable: 'no files' },
  recursion: { notApplicable: 'its events go to a bus that nothing of it listens to' },
  'huge-batch': { provedBy: ['two-hundred-at-once', 'test/lambda/order-workflow/order.test.ts'] },
  'gone-before-read': { notApplicable: 'no objects' },
  'changed-while-read': { provedBy: ['two-hundred-at-once'], note: 'stock is taken under a condition' },
  'interrupted-run': { provedBy: ['every-path', 'needs-attention'] },
  'damaged-copy': { notApplicable: 'nothing is copied' },
  injection: { notApplicable: 'no query language' },
  'malformed-input': { provedBy: ['one-of-each-kind', 'test/lambda/order-workflow/order.test.ts'] },
  'reused-token': { provedBy: ['approvals'] },
};
export default answers;
