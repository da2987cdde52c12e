import { endingOf, isFailure } from '../../../lambda/gitops-pipeline/ending';
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
  expect(rollbackOf(next, { good })).toMatchObject({
    decision: 'give up',
    notRolledBack: 'the rollback failed as well',
  });
});

it.each([
  ['no artifact was tested good in this environment before', {}],
  ['the failed artifact is the last good one', { good: artifact('b') }],
])('there is no rollback, and the run says so, if %s', (notRolledBack, record) => {
  const next = rollbackOf({ ...state, artifact: artifact('b'), failure }, record);
  expect(next).toMatchObject({ decision: 'give up', notRolledBack });
});
