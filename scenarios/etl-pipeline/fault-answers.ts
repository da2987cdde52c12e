import type { FaultAnswers } from '../shared/fault-catalog';

const pipeline = 'test/lambda/etl-pipeline/pipeline.test.ts';
const rows = 'test/lambda/etl-pipeline/row-order.test.ts';

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: [pipeline], note: 'a version of a file is claimed once' },
  'out-of-order': { provedBy: [rows], note: 'states of a row have a total order' },
  'partial-batch-failure': { provedBy: [pipeline], note: 'bad rows are rejected, the others loaded' },
  'poison-message': { provedBy: [pipeline], note: 'a file that cannot be read goes to quarantine' },
  'killed-process': { provedBy: [pipeline, 'test/lambda/etl-pipeline/split.test.ts'] },
  'near-timeout': {
    provedBy: ['test/lambda/etl-pipeline/split.test.ts', 'test/lambda/etl-pipeline/load.test.ts'],
  },
  throttling: { provedBy: ['test/lib/etl-pipeline/etl-pipeline-stack.test.ts'] },
  'slow-dependency': { provedBy: ['test/lambda/etl-pipeline/time-limit.test.ts'] },
  'dropped-connection': { provedBy: ['test/lambda/etl-pipeline/adapters/s3-source.test.ts'] },
  'connection-loss': { notApplicable: 'no database with connections' },
  'unknown-outcome': { provedBy: ['test/lambda/etl-pipeline/adapters/dynamodb-rows.test.ts'] },
  'odd-keys': { provedBy: ['test/lambda/etl-pipeline/adapters/s3-source.test.ts'] },
  'bad-files': { provedBy: [pipeline] },
  'hostile-formats': { provedBy: [pipeline], note: 'compression by content; formula text stays text' },
  'decompression-bomb': { provedBy: ['test/lambda/etl-pipeline/text-stream.test.ts'] },
  recursion: {
    provedBy: ['test/lib/etl-pipeline/etl-pipeline-stack.test.ts'],
    note: 'no function may write to the folder that starts executions',
  },
  'huge-batch': { provedBy: [pipeline], note: 'chunks and records have limits' },
  'gone-before-read': { provedBy: [pipeline] },
  'changed-while-read': {
    provedBy: ['test/lambda/etl-pipeline/adapters/s3-source.test.ts'],
    note: 'every read names the version',
  },
  'interrupted-run': { provedBy: ['test/lambda/etl-pipeline/split.test.ts'] },
  'damaged-copy': { provedBy: ['test/lambda/etl-pipeline/text-stream.test.ts'], note: 'damaged archives are refused' },
  injection: { notApplicable: 'values are parameters of requests, never text of a query' },
  'malformed-input': { provedBy: ['test/lambda/etl-pipeline/s3-event.test.ts'] },
  'reused-token': { notApplicable: 'no tokens' },
};
export default answers;
