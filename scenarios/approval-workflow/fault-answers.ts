import type { FaultAnswers } from '../shared/fault-catalog';

const answers: FaultAnswers = {
  'duplicate-delivery': {
    provedBy: ['ends', 'decisions'],
    note: 'a schedule that fires twice, a decision that is repeated',
  },
  'out-of-order': {
    provedBy: ['ends', 'decisions'],
    note: 'an old schedule after an extension, a decision after the end',
  },
  'partial-batch-failure': { notApplicable: 'an invocation is one request' },
  'poison-message': {
    provedBy: ['test/lib/approval-workflow/approval-workflow-stack.test.ts'],
    note: 'ends that fail for good wait in a queue',
  },
  'killed-process': { provedBy: ['launches'] },
  'near-timeout': {
    provedBy: ['test/lib/approval-workflow/approval-workflow-stack.test.ts'],
    note: 'each step is short and repeatable',
  },
  throttling: { provedBy: ['launches', 'limits'] },
  'slow-dependency': {
    provedBy: ['test/lib/approval-workflow/approval-workflow-stack.test.ts'],
    note: "every call has a time limit below its function's",
  },
  'dropped-connection': { provedBy: ['launches'] },
  'connection-loss': { notApplicable: 'no database' },
  'unknown-outcome': { provedBy: ['launches'] },
  'odd-keys': { notApplicable: 'it reads no objects and no files' },
  'bad-files': { notApplicable: 'it reads no objects and no files' },
  'hostile-formats': { notApplicable: 'it reads no objects and no files' },
  'decompression-bomb': { notApplicable: 'it reads no objects and no files' },
  recursion: { notApplicable: 'nothing in the stack subscribes to its event bus' },
  'huge-batch': { provedBy: ['hostile-input'], note: 'a body of a megabyte is refused' },
  'gone-before-read': { provedBy: ['ends'], note: 'a machine that is gone before its end' },
  'changed-while-read': {
    provedBy: ['limits', 'decisions'],
    note: 'each change is written under the revision that was read',
  },
  'interrupted-run': { provedBy: ['launches'] },
  'damaged-copy': { notApplicable: 'nothing is copied' },
  injection: { notApplicable: 'no query language' },
  'malformed-input': { provedBy: ['hostile-input', 'test/lambda/approval-workflow/form.test.ts'] },
  'reused-token': { provedBy: ['decisions'] },
};
export default answers;
