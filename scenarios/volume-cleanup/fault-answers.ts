import type { FaultAnswers } from '../shared/fault-catalog';

const noInput = { notApplicable: 'a run has no input' };
const noObjects = { notApplicable: 'it reads no objects and no files' };
const model = 'test/lambda/volume-cleanup/clean-up-region.test.ts';

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['kept-volumes', model], note: 'two runs at once' },
  'out-of-order': { provedBy: [model], note: 'clocks and gaps' },
  'partial-batch-failure': { provedBy: [model], note: 'a volume that fails does not keep the others from their steps' },
  'poison-message': noInput,
  'killed-process': { provedBy: ['killed-runs'] },
  'near-timeout': { provedBy: [model], note: 'a run without time begins no work' },
  throttling: { provedBy: ['disturbed-calls'] },
  'slow-dependency': { notProvableHere: 'the limits of its clients are those of the other architectures' },
  'dropped-connection': { provedBy: ['disturbed-calls'] },
  'connection-loss': { notApplicable: 'no database' },
  'unknown-outcome': { provedBy: ['disturbed-calls', 'killed-runs'] },
  'odd-keys': noObjects,
  'bad-files': noObjects,
  'hostile-formats': noObjects,
  'decompression-bomb': noObjects,
  recursion: { notApplicable: 'its snapshots are no volumes' },
  'huge-batch': { provedBy: ['many-volumes'] },
  'gone-before-read': { provedBy: [model], note: 'a volume that is gone is an outcome' },
  'changed-while-read': { provedBy: ['kept-volumes'], note: 'attached between the check and the delete' },
  'interrupted-run': { provedBy: ['killed-runs'] },
  'damaged-copy': { provedBy: ['snapshots-come-first'], note: 'a failed snapshot' },
  injection: { notApplicable: 'no database' },
  'malformed-input': noInput,
  'reused-token': { provedBy: ['deleted-and-restored'], note: 'a repeated undo makes no second volume' },
};
export default answers;
