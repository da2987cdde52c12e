import type { FaultAnswers } from '../shared/fault-catalog';

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['two-hundred-at-once'] },
  'out-of-order': { provedBy: ['approvals'], note: 'a decision after the terminal state changes nothing' },
  'partial-batch-failure': { provedBy: ['test/lambda/order-workflow/mark-ended-order.test.ts'] },
  'poison-message': { provedBy: ['every-path', 'redrive'] },
  'killed-process': { provedBy: ['killed-while-charging'] },
  'near-timeout': {
    provedBy: ['every-path', 'test/lib/order-workflow/order-definition.test.ts'],
    note: 'every task has a timeout, after which it is retried under the same idempotency key',
  },
  throttling: {
    provedBy: ['disturbed-calls', 'payment-outage', 'test/lib/order-workflow/order-definition.test.ts'],
    note: 'every task retries while its service is busy: for hours, payments and emails longer',
  },
  'slow-dependency': { provedBy: ['two-hundred-at-once', 'every-path'], note: 'pm-slow' },
  'dropped-connection': { provedBy: ['disturbed-calls'] },
  'connection-loss': { notApplicable: 'calls to DynamoDB are independent requests' },
  'unknown-outcome': { provedBy: ['disturbed-calls', 'killed-while-charging', 'every-path'] },
  'odd-keys': { notApplicable: 'ids consist of letters, digits, _ and -' },
  'bad-files': { notApplicable: 'no files' },
  'hostile-formats': { notApplicable: 'no files' },
  'decompression-bomb': { notApplicable: 'no files' },
  recursion: { notApplicable: 'nothing in the stack subscribes to its event bus' },
  'huge-batch': { provedBy: ['two-hundred-at-once', 'test/lambda/order-workflow/order.test.ts'] },
  'gone-before-read': { notApplicable: 'no objects' },
  'changed-while-read': { provedBy: ['two-hundred-at-once'], note: 'stock is reserved under a condition' },
  'interrupted-run': { provedBy: ['every-path', 'needs-attention', 'repairs'] },
  'damaged-copy': { notApplicable: 'nothing is copied' },
  injection: { notApplicable: 'no query language' },
  'malformed-input': { provedBy: ['one-of-each-kind', 'test/lambda/order-workflow/order.test.ts'] },
  'reused-token': { provedBy: ['approvals'] },
};
export default answers;
