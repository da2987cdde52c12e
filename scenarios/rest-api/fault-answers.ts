import type { FaultAnswers } from '../shared/fault-catalog';

const notABatch = { notApplicable: 'an invocation is one request, or the upload of one document' };
const noRun = { notApplicable: 'a request is over in milliseconds' };
const notRead = { notApplicable: 'content goes between caller and S3; no function reads it' };

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['test/lambda/rest-api/record-upload.test.ts'] },
  'out-of-order': {
    notApplicable: 'an upload is written once, and a change names the version that it is for',
  },
  'partial-batch-failure': notABatch,
  'poison-message': { provedBy: ['unseen-uploads'] },
  'killed-process': {
    notApplicable: 'a request is one conditional write: it was made or not, and the caller reads which',
  },
  'near-timeout': noRun,
  throttling: { provedBy: ['idempotent-creation'] },
  'slow-dependency': { notProvableHere: 'each call ends after two seconds and is tried three times: lambda/shared' },
  'dropped-connection': { provedBy: ['idempotent-creation'] },
  'connection-loss': { notApplicable: 'no database connection' },
  'unknown-outcome': { provedBy: ['idempotent-creation', 'test/lambda/rest-api/serve-documents.test.ts'] },
  'odd-keys': { notApplicable: 'keys are made of ids' },
  'bad-files': notRead,
  'hostile-formats': notRead,
  'decompression-bomb': notRead,
  recursion: { notApplicable: 'no function writes to the bucket that tells of uploads' },
  'huge-batch': { provedBy: ['hostile-requests'] },
  'gone-before-read': { provedBy: ['test/lambda/rest-api/record-upload.test.ts'] },
  'changed-while-read': { provedBy: ['lost-updates'] },
  'interrupted-run': noRun,
  'damaged-copy': notRead,
  injection: { provedBy: ['hostile-requests'] },
  'malformed-input': { provedBy: ['hostile-requests'] },
  'reused-token': { provedBy: ['object-level-authorization'] },
};
export default answers;
