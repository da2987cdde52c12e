import type { FaultAnswers } from '../shared/fault-catalog';

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['records-and-totals', 'crashed-database'] },
  'out-of-order': { notApplicable: 'records are immutable: none replaces another' },
  'partial-batch-failure': { provedBy: ['crashed-database'], note: 'a batch is one transaction' },
  'poison-message': { notApplicable: 'the caller waits for the answer and receives the error' },
  'killed-process': { provedBy: ['killed-workers', 'crashed-database'] },
  'near-timeout': {
    provedBy: [
      'test/lib/database-access/database-access-settings.test.ts',
      'test/lambda/database-access/failures.test.ts',
    ],
    note: 'a query times out before its function, and the error tells the caller to retry',
  },
  throttling: { notApplicable: 'the database is the only dependency' },
  'slow-dependency': { provedBy: ['many-environments'] },
  'dropped-connection': { notApplicable: 'the database is the only dependency: see the next row' },
  'connection-loss': { provedBy: ['crashed-database'] },
  'unknown-outcome': { provedBy: ['killed-workers', 'crashed-database'] },
  'odd-keys': { notApplicable: 'no keys' },
  'bad-files': { notApplicable: 'no files' },
  'hostile-formats': { notApplicable: 'no files' },
  'decompression-bomb': { notApplicable: 'no files' },
  recursion: { notApplicable: 'its writes do not invoke it' },
  'huge-batch': { provedBy: ['exact-totals'] },
  'gone-before-read': { notApplicable: 'no objects' },
  'changed-while-read': { notApplicable: 'a query sees one snapshot' },
  'interrupted-run': { provedBy: ['migrations'] },
  'damaged-copy': { notApplicable: 'nothing is copied' },
  injection: { provedBy: ['injection'] },
  'malformed-input': { provedBy: ['injection'] },
  'reused-token': { provedBy: ['refused-expired-token', 'refused-forged-token', 'refused-token-of-another-user'] },
};
export default answers;
