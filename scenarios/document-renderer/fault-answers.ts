import type { FaultAnswers } from '../shared/fault-catalog';

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['rendered-once'] },
  'out-of-order': { notApplicable: 'a document depends on no other request' },
  'partial-batch-failure': { notApplicable: 'an invocation is one request' },
  'poison-message': { provedBy: ['hostile-data', 'refused-requests'] },
  'killed-process': { provedBy: ['kills', 'large-documents', 'test/lambda/document-renderer/large-kills.test.ts'] },
  'near-timeout': {
    provedBy: ['hostile-data'],
    note: 'the browser is killed before the timeout, and the request is tried again',
  },
  throttling: {
    notProvableHere: 'the SDK repeats throttled calls; what is left fails the request, which the queue repeats',
  },
  'slow-dependency': { provedBy: ['test/lambda/document-renderer/render.test.ts'] },
  'dropped-connection': { provedBy: ['test/lambda/document-renderer/render.test.ts'] },
  'connection-loss': { notApplicable: 'no database connection' },
  'unknown-outcome': { provedBy: ['kills', 'rendered-once', 'test/lambda/document-renderer/render.test.ts'] },
  'odd-keys': {
    notApplicable: 'keys of data come from the caller and are used unchanged; those of documents are hashes',
  },
  'bad-files': { provedBy: ['refused-requests'] },
  'hostile-formats': { provedBy: ['hostile-data'] },
  'decompression-bomb': { notApplicable: 'nothing that comes in is decompressed' },
  recursion: { notApplicable: 'nothing that it writes returns to its queue' },
  'huge-batch': { provedBy: ['hostile-data'], note: 'data above maximumDataBytes is not read' },
  'gone-before-read': { provedBy: ['refused-requests'] },
  'changed-while-read': { notApplicable: 'the hash is that of the data that was read' },
  'interrupted-run': { provedBy: ['kills', 'large-documents', 'given-up-tasks'] },
  'damaged-copy': { notApplicable: 'nothing is copied' },
  injection: { provedBy: ['hostile-data', 'test/lambda/document-renderer/page.test.ts'] },
  'malformed-input': { provedBy: ['refused-requests', 'test/lambda/document-renderer/request.test.ts'] },
  'reused-token': {
    provedBy: ['test/lambda/document-renderer/large-task.test.ts'],
    note: 'a task whose token is void ends itself, and delivers nothing',
  },
};
export default answers;
