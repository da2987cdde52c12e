import { watched } from '../../../lambda/gitops-pipeline/watch';

const commit = '1'.repeat(40);
const environment = { name: 'prod', branch: 'release', stacks: '*-prod', approval: true };
const at = (seconds: number): Date => new Date(seconds * 1_000);
const state = { run: { id: `prod-${commit}`, commit, branch: 'release', environment }, round: 0, deployingSince: 100 };
const quiet = { name: 'orders-prod-HighErrors-2B', raisedAt: undefined };

it('a deployment is watched until its time is over', () => {
  const first = watched(state, [quiet], at(150), 60);
  expect(first).toMatchObject({ decision: 'watch', watchedUntil: 210 });
  expect(watched(first, [], at(209), 60)).toMatchObject({ decision: 'watch', watchedUntil: 210 });
  expect(watched(first, [], at(210), 60).decision).toBe('deployed');
  expect(watched(state, [quiet], at(150), 0).decision).toBe('deployed');
});

it('an alarm of its stacks that was raised since it began ends the watch, in its last second too', () => {
  const raised = [{ name: 'orders-prod-HighErrors-1A', raisedAt: at(100) }];
  const ended = watched({ ...state, watchedUntil: 150 }, raised, at(150), 60);
  expect(ended.decision).toBe('alarm');
  expect(ended.failure).toEqual({
    Error: 'AlarmRaised',
    Cause: 'raised after the deployment: orders-prod-HighErrors-1A',
  });
});

it.each([
  ['was raised before the deployment', { name: 'orders-prod-HighErrors-1A', raisedAt: at(99) }],
  ['is of another environment', { name: 'orders-staging-HighErrors-1A', raisedAt: at(120) }],
  ['is of a stack whose name begins alike', { name: 'orders-products-HighErrors-1A', raisedAt: at(120) }],
])('an alarm that %s does not count', (_, alarm) => {
  expect(watched(state, [quiet, alarm], at(150), 60).decision).toBe('watch');
});

it('a rollback is not watched, since the alarm that caused it may last', () => {
  const raised = [{ name: 'orders-prod-HighErrors-1A', raisedAt: at(120) }];
  const failure = { Error: 'AlarmRaised' };
  expect(watched({ ...state, rollback: true, failure }, raised, at(150), 60)).toMatchObject({
    decision: 'deployed',
    failure,
  });
});

it('stacks without an alarm are not watched', () => {
  const other = { name: 'orders-staging-HighErrors-1A', raisedAt: at(120) };
  expect(watched(state, [other], at(150), 60).decision).toBe('deployed');
});
