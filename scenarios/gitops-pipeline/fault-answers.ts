import type { FaultAnswers } from '../shared/fault-catalog';

const functions = 'test/lambda/gitops-pipeline/functions.test.ts';
const outcome = 'test/lambda/gitops-pipeline/build-outcome.test.ts';
const stack = 'test/lib/gitops-pipeline/gitops-pipeline-stack.test.ts';
const cutOff = 'test/lambda/gitops-pipeline/cut-off-functions.test.ts';
const buildSteps = 'test/lib/gitops-pipeline/build-steps.test.ts';
const statement = 'test/lambda/gitops-pipeline/statement.test.ts';
const noBatch = { notApplicable: 'an event is one push or one build' };
const noPictures = { notApplicable: 'contents of commits are opened by the commands of builds alone' };

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['lost-events', functions], note: 'a commit has one run, a step one build' },
  'out-of-order': { provedBy: ['test/lambda/gitops-pipeline/environment-lock.test.ts'] },
  'partial-batch-failure': noBatch,
  'poison-message': { provedBy: [stack], note: 'events that cannot be processed go to a queue' },
  'killed-process': {
    provedBy: ['failed-steps', cutOff],
    note: 'a builder that dies, a function that is cut off after any call',
  },
  'near-timeout': { provedBy: [stack], note: 'each task has a limit' },
  throttling: { provedBy: [stack], note: 'retried for hours' },
  'slow-dependency': { provedBy: [stack] },
  'dropped-connection': { provedBy: ['lost-answers'], note: 'steps are repeated' },
  'connection-loss': { notApplicable: 'no database with connections' },
  'unknown-outcome': { provedBy: ['lost-answers', cutOff], note: 'a repeated start finds the build' },
  'odd-keys': {
    provedBy: ['hostile-commits', 'test/lambda/gitops-pipeline/push-event.test.ts'],
    note: 'names of branches are values',
  },
  'bad-files': noPictures,
  'hostile-formats': { provedBy: ['test/lambda/gitops-pipeline/ending.test.ts'] },
  'decompression-bomb': noPictures,
  recursion: { provedBy: [stack], note: 'no role of the pipeline may push' },
  'huge-batch': noBatch,
  'gone-before-read': { provedBy: [outcome], note: 'a build that CodeBuild does not know is not signed' },
  'changed-while-read': { provedBy: ['approval-and-statement', statement], note: 'versions and digests' },
  'interrupted-run': { provedBy: ['lost-events'], note: 'the sweep continues what events have left' },
  'damaged-copy': { provedBy: ['approval-and-statement'], note: 'other bytes are refused' },
  injection: {
    provedBy: ['hostile-commits', buildSteps],
    note: 'names of the commit reach commands as variables in quotation marks',
  },
  'malformed-input': { provedBy: ['test/lambda/gitops-pipeline/push-event.test.ts'] },
  'reused-token': { provedBy: ['approval-and-statement', 'test/lambda/gitops-pipeline/approval.test.ts'] },
};
export default answers;
