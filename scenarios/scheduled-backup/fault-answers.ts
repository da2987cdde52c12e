import type { FaultAnswers } from '../shared/fault-catalog';

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['twice'] },
  'out-of-order': { provedBy: ['twice'], note: 'two days never run at the same time' },
  'partial-batch-failure': { provedBy: ['failed-object', 'test/lambda/scheduled-backup/copy-batch.test.ts'] },
  'poison-message': {
    provedBy: ['failed-object', 'many-objects'],
    note: 'objects that cannot be copied are listed, the others are copied',
  },
  'killed-process': { provedBy: ['interruption'] },
  'near-timeout': { provedBy: ['test/lambda/scheduled-backup/time-limit.test.ts'] },
  throttling: { provedBy: ['disturbed-calls'] },
  'slow-dependency': { provedBy: ['disturbed-calls', 'test/lambda/scheduled-backup/time-limit.test.ts'] },
  'dropped-connection': { provedBy: ['disturbed-calls'] },
  'connection-loss': { notApplicable: 'no database' },
  'unknown-outcome': { provedBy: ['disturbed-calls', 'interruption'] },
  'odd-keys': { provedBy: ['many-objects'] },
  'bad-files': { notApplicable: 'objects are copied, not read' },
  'hostile-formats': { notApplicable: 'objects are copied, not decoded' },
  'decompression-bomb': { notApplicable: 'objects are copied, not decoded' },
  recursion: { notApplicable: 'the Backup bucket is created by the stack and triggers nothing' },
  'huge-batch': { provedBy: ['many-objects'], note: 'memory up to 100,000 objects is in tools/bench/results.md' },
  'gone-before-read': { provedBy: ['changes'] },
  'changed-while-read': { provedBy: ['changes'] },
  'interrupted-run': { provedBy: ['interruption'] },
  'damaged-copy': { provedBy: ['damage'], note: 'repaired from the recorded version, or from the source' },
  injection: { notApplicable: 'no database' },
  'malformed-input': { provedBy: ['test/lambda/scheduled-backup/requests.test.ts'] },
  'reused-token': { notApplicable: 'no tokens' },
};
export default answers;
