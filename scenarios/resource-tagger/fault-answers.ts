import type { FaultAnswers } from '../shared/fault-catalog';

const noFiles = { notApplicable: 'it reads no files and no objects' };

const answers: FaultAnswers = {
  'duplicate-delivery': { provedBy: ['launches'] },
  'out-of-order': { provedBy: ['launches'], note: 'events that are a day late too' },
  'partial-batch-failure': { provedBy: ['launches', 'test/lambda/resource-tagger/tagging.test.ts'] },
  'poison-message': { provedBy: ['test/lambda/resource-tagger/tag-resources.test.ts'] },
  'killed-process': { provedBy: ['launches'] },
  'near-timeout': { provedBy: ['test/lambda/shared/deadline.test.ts'] },
  throttling: { provedBy: ['webhooks', 'test/lambda/resource-tagger/adapters/ec2-tags.test.ts'] },
  'slow-dependency': {
    provedBy: ['webhooks', 'test/lambda/shared/client-limits.test.ts'],
    note: 'each call has a time limit, those of receivers too',
  },
  'dropped-connection': { provedBy: ['webhooks', 'test/lambda/resource-tagger/adapters/ec2-tags.test.ts'] },
  'connection-loss': { notApplicable: 'no database' },
  'unknown-outcome': { provedBy: ['launches'], note: 'a tag that was added is kept by the next attempt' },
  'odd-keys': { notApplicable: 'names of resources are in ARNs of CloudTrail and used unchanged' },
  'bad-files': noFiles,
  'hostile-formats': noFiles,
  'decompression-bomb': noFiles,
  recursion: { notApplicable: 'calls that add tags are not in the pattern of its rule' },
  'huge-batch': { notApplicable: 'EventBridge sends events of 1 MB at most' },
  'gone-before-read': { provedBy: ['launches'] },
  'changed-while-read': {
    provedBy: ['test/lib/resource-tagger/resource-tagger-stack.test.ts'],
    note: 'the role is denied to overwrite a tag that was added after the read; S3 has no such condition',
  },
  'interrupted-run': { notApplicable: 'an event is one short piece of work' },
  'damaged-copy': { notApplicable: 'nothing is copied' },
  injection: {
    provedBy: ['webhooks', 'test/lambda/resource-tagger/webhook-messages.test.ts'],
    note: 'names of callers are plain text in messages of Slack and Teams',
  },
  'malformed-input': { provedBy: ['test/lambda/resource-tagger/creation-event.test.ts'] },
  'reused-token': { notApplicable: 'no tokens' },
};
export default answers;
