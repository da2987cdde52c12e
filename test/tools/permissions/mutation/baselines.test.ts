import { Baselines, limitOf, type Baseline } from '../../../../tools/permissions/mutation/baselines';

const call = (operation: string) => ({ stack: 'S', function: 'F', service: 's3', operation, resources: [] });
const runs = {
  'smoke-test': { status: 'passed', seconds: 9, calls: [call('GetObject')] },
  broken: { status: 'failed', seconds: 1, calls: [call('GetObject'), call('PutObject')] },
  quick: { status: 'passed', seconds: 2, calls: [call('GetObject'), call('PutObject')] },
  last: { status: 'passed', seconds: 60, calls: [] },
} as const;
const does = (operation: string) => (one: Baseline) => one.calls.some((call) => call.operation === operation);

it('checks run once each, in their order; those that pass with all permissions are known, the quickest first', async () => {
  const run: string[] = [];
  const baselines = new Baselines(['smoke-test', 'broken', 'smoke-test', 'quick', 'last'], (check) => {
    run.push(check);
    return Promise.resolve({ why: '', ...runs[check as keyof typeof runs] });
  });
  const known = (operation: string) => baselines.known(does(operation)).map(({ check }) => check);
  expect(await baselines.runNext()).toBe(true);
  expect(known('GetObject')).toEqual(['smoke-test']);
  expect(await baselines.runNext()).toBe(true);
  // One that fails with all permissions shows nothing.
  expect(known('PutObject')).toEqual([]);
  expect(await baselines.runNext()).toBe(true);
  expect(known('GetObject')).toEqual(['quick', 'smoke-test']);
  expect([await baselines.runNext(), await baselines.runNext()]).toEqual([true, false]);
  expect(run).toEqual(['smoke-test', 'broken', 'quick', 'last']);
});

it('a check has more time than it took, and a little more', () => {
  expect(limitOf(10)).toBe(20);
});
