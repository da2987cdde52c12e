import { commentOf, messageOf, type Report } from '../../../lambda/gitops-pipeline/report';

const commit = '1'.repeat(40);
const environment = { name: 'prod', branch: 'release', stacks: '*-prod', approval: true };
const run = { id: `prod-${commit}`, commit, branch: 'release', environment };
const report: Report = { state: { run, round: 0 }, status: 'deployed', seconds: 12.4, steps: [] };

it('names of branches and causes stay on their lines in messages', () => {
  const branch = 'x\nEnvironment: none\r\n<script>';
  const state = { run: { ...run, branch }, round: 0, failure: { Error: 'E', Cause: 'a\nStatus: deployed' } };
  const { subject, message } = messageOf({ ...report, state, status: 'failed' });
  expect(subject).toBe(`Pipeline failed: prod-${commit}`);
  expect(message.split('\n')).toEqual([
    `Run: prod-${commit}`,
    `Commit: ${commit}`,
    'Branch: "x\\nEnvironment: none\\r\\n<script>"',
    'Pushed by: unknown',
    'Environment: prod',
    'Artifact: none',
    'Duration: 12 s',
    'Failure: E: "a\\nStatus: deployed"',
  ]);
});

it('says what ran, and for how long', () => {
  const steps = [
    { step: 'scan', round: 0, outcome: 'SUCCEEDED', seconds: 3.2 },
    { step: 'deploy', round: 1, outcome: 'FAILED', seconds: 61 },
  ] as const;
  const lines = messageOf({ ...report, steps }).message.split('\n');
  expect(lines.slice(-2)).toEqual(['Step scan 0: SUCCEEDED, 3 s', 'Step deploy 1: FAILED, 61 s']);
});

it('says what a rollback does not restore, and why there was none', () => {
  const diff = [
    '[-] AWS::DynamoDB::Table Old Old12 destroy',
    '[~] AWS::S3::Bucket B B1 replace',
    '[+] AWS::X Y Z',
  ].join('\n');
  const rolledBack = messageOf({ ...report, status: 'rolled-back', diff }).message;
  expect(rolledBack.match(/^Not restored.*$/gm)).toEqual([
    'Not restored by the rollback: [-] AWS::DynamoDB::Table Old Old12 destroy',
    'Not restored by the rollback: [~] AWS::S3::Bucket B B1 replace',
  ]);
  const state = { ...report.state, notRolledBack: 'the rollback failed as well' };
  expect(messageOf({ ...report, state, status: 'broken' }).message).toContain(
    'Not rolled back: the rollback failed as well. The environment is as the failure left it.',
  );
});

it('a comment is one block of text, whatever the difference has, and within the limit', () => {
  const comment = commentOf({ ...report, diff: `a\n\`\`\`\n# heading\n~~~\n${'x'.repeat(20_000)}` });
  expect(comment.match(/```/g)).toHaveLength(2);
  expect(comment).not.toContain('~~~');
  expect(comment).toMatch(/^```\nPipeline deployed\nRun: [^]*\(cut off\)\n```$/);
  expect(comment.length).toBeLessThanOrEqual(10_240);
});
