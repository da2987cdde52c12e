import { checkBuild } from '../../../lambda/gitops-pipeline/build-check';
import { outcomeOf, ownerOf, type BuildFacts } from '../../../lambda/gitops-pipeline/build-outcome';

const commit = '1'.repeat(40);
const run = { id: `staging-${commit}`, commit, branch: 'main' };
const build: BuildFacts = {
  id: 'Build:1',
  arn: 'arn:aws:codebuild:us-east-1:111111111111:build/Build:1',
  project: 'Build',
  status: 'SUCCEEDED',
  variables: { RUN_ID: run.id, STEP: 'build', ROUND: '0' },
  exported: {},
  commit,
  artifactDigest: 'a'.repeat(64),
};
const projectArn = 'arn:aws:codebuild:us-east-1:111111111111:project/Build';

it.each([
  ['FAILED', 'TestFailed'],
  ['FAULT', 'TestFaulted'],
  ['TIMED_OUT', 'TestTimedOut'],
  ['STOPPED', 'TestStopped'],
] as const)('a build that ends as %s fails its step', (status, error) => {
  expect(outcomeOf('test', { ...build, status, reason: 'BUILD: exit status 1' })).toEqual({
    error,
    cause: 'BUILD: exit status 1',
  });
});

it.each([
  ['that reports no findings', { FINDINGS: 'none' }, 'passed'],
  ['with findings', { FINDINGS: 'a.ts:1: npm token' }, { error: 'ScanFindings', cause: 'a.ts:1: npm token' }],
  ['that reports nothing', {}, { error: 'ScanFindings', cause: 'the scan reported nothing' }],
])('a scan %s: the step has its outcome', (_, exported, expected) => {
  expect(outcomeOf('scan', { ...build, exported })).toEqual(expected);
});

it('a build that goes on has no outcome', () => {
  expect(outcomeOf('build', { ...build, status: 'IN_PROGRESS' })).toBe('running');
});

it('a build belongs to the run and step that it was started with', () => {
  expect(ownerOf(build)).toEqual({ id: `${run.id}/build/0`, runId: run.id, step: 'build' });
  expect(ownerOf({ ...build, variables: { RUN_ID: 'x' } })).toBeUndefined();
});

it('the stored object is what CodeBuild says that it wrote', () => {
  expect(checkBuild(build, { run, projectArn, digest: 'a'.repeat(64) })).toBe(build);
});

it.each([
  ['digest', {}, 'b'.repeat(64)],
  ['digest', { artifactDigest: undefined }, 'a'.repeat(64)],
  ['status', { status: 'FAILED' }, 'a'.repeat(64)],
  ['project', { project: 'Test' }, 'a'.repeat(64)],
  ['commit', { commit: '2'.repeat(40) }, 'a'.repeat(64)],
  ['run', { variables: { RUN_ID: 'staging-other' } }, 'a'.repeat(64)],
] as const)('a build with another %s is not signed', (field, changed, digest) => {
  const facts = { ...build, ...changed } as BuildFacts;
  expect(() => checkBuild(facts, { run, projectArn, digest })).toThrow(`${field} of build Build:1`);
});
