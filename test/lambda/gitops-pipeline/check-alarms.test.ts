import type { Run, State } from '../../../lambda/gitops-pipeline/run';
import { loadHandler, TestEnvironment } from './test-environment';

const checkAlarms = loadHandler<State>('check-alarms');
const commit = '1'.repeat(40);
const environment = { name: 'staging', branch: 'main', stacks: '*-staging', approval: false };
const run: Run = { id: `staging-${commit}`, commit, branch: 'main', environment };
const deployingSince = Math.floor(Date.now() / 1_000) - 60;
const state: State = { run, round: 0, deployingSince };
const ok = { AlarmName: 'shop-staging-Errors', StateValue: 'OK' };
const raised = (secondsLater: number) => ({
  ...ok,
  StateValue: 'ALARM',
  StateTransitionedTimestamp: new Date((deployingSince + secondsLater) * 1_000),
});

let services: TestEnvironment;
beforeEach(() => (services = new TestEnvironment()));
afterEach(() => jest.restoreAllMocks());

it('the first look reads all pages of alarms in any state, and starts the watch', async () => {
  services.alarms = [{ MetricAlarms: [{ ...ok, AlarmName: 'other-Errors' }], NextToken: '1' }, { MetricAlarms: [ok] }];
  expect(await checkAlarms(state)).toMatchObject({ decision: 'watch', watchedUntil: expect.any(Number) as number });
  expect(services.calls.map(({ input }) => input['StateValue'])).toEqual([undefined, undefined]);
});

it('later looks ask for raised alarms alone', async () => {
  services.alarms = [{ MetricAlarms: [] }];
  await checkAlarms({ ...state, watchedUntil: deployingSince + 9_999 });
  expect(services.calls.map(({ input }) => input)).toMatchObject([
    { StateValue: 'ALARM', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
  ]);
});

it('an alarm that was raised since the deployment is named; an older one is not', async () => {
  services.alarms = [{ MetricAlarms: [raised(-1)] }];
  expect(await checkAlarms(state)).toMatchObject({ decision: 'watch' });
  services.alarms = [{ MetricAlarms: [raised(1)] }];
  expect(await checkAlarms(state)).toMatchObject({
    decision: 'alarm',
    failure: { Error: 'AlarmRaised', Cause: 'raised after the deployment: shop-staging-Errors' },
  });
});
