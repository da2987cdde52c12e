import { endingOf, isFailure, messageOf } from '../../../lambda/gitops-pipeline/ending';
import { rollbackOf } from '../../../lambda/gitops-pipeline/rollback';
import type { Artifact, State } from '../../../lambda/gitops-pipeline/run';

const commit = '1'.repeat(40);
const environment = { name: 'prod', branch: 'release', stacks: '*-prod', approval: true };
const state: State = { run: { id: `prod-${commit}`, commit, branch: 'release', environment }, round: 0 };
const failure = { Error: 'DeployFailed', Cause: 'exit status 1' };
const artifact = (digest: string): Artifact => ({
  key: 'k',
  versionId: 'v',
  digest: digest.repeat(64),
  statementKey: 's',
  statementVersionId: 'w',
  runId: 'prod-0',
  commit,
});

it.each([
  ['passed', 'nothing was deployed', { ...state }, false],
  ['deployed', 'its smoke test passed', { ...state, decision: 'deployed' }, true],
  ['superseded', 'a newer commit is the head', { ...state, decision: 'superseded' }, false],
  ['rejected', 'somebody rejected it', { ...state, failure: { Error: 'ApprovalRejected' } }, false],
  ['rejected', 'nobody decided in time', { ...state, failure: { Error: 'ApprovalExpired' } }, false],
  ['failed', 'a step before the deployment failed', { ...state, failure }, false],
  ['broken', 'the deployment failed and was not rolled back', { ...state, decision: 'give up', failure }, true],
  ['rolled-back', 'the last good artifact runs', { ...state, decision: 'deployed', rollback: true, failure }, true],
  ['broken', 'the rollback failed as well', { ...state, decision: 'give up', rollback: true, failure }, true],
] as const)('a run is %s if %s', (status, _, ended, wasDeploying) => {
  expect(endingOf(ended, wasDeploying)).toBe(status);
});

it('failures need somebody, decisions of people do not', () => {
  const all = ['passed', 'deployed', 'superseded', 'rejected', 'failed', 'rolled-back', 'broken'] as const;
  expect(all.filter(isFailure)).toEqual(['failed', 'rolled-back', 'broken']);
});

it('a failed deployment goes back to the last good artifact once, in a new round', () => {
  const good = artifact('a');
  const next = rollbackOf({ ...state, artifact: artifact('b'), failure }, { good });
  expect(next).toMatchObject({ artifact: good, rollback: true, round: 1, decision: 'roll back', failure });
  expect(rollbackOf(next, { good }).decision).toBe('give up');
});

it.each([
  ['there is no good artifact', {}],
  ['the failed artifact is the last good one', { good: artifact('b') }],
])('there is no rollback if %s', (_, record) => {
  expect(rollbackOf({ ...state, artifact: artifact('b'), failure }, record).decision).toBe('give up');
});

it('names of branches and causes stay on their lines in messages', () => {
  const branch = 'x\nEnvironment: none\r\n<script>';
  const hostile = { ...state, run: { ...state.run, branch }, failure: { Error: 'E', Cause: 'a\nStatus: deployed' } };
  const { subject, message } = messageOf(hostile, 'failed', 12.4);
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
