import { Baselines, limitOf, type Baseline } from '../../../../tools/permissions/mutation/baselines';

const call = (operation: string) => ({ stack: 'S', function: 'F', service: 's3', operation, resources: [] });
const runs = {
  'smoke-test': { status: 'passed', seconds: 9, calls: [call('GetObject')] },
  broken: { status: 'failed', seconds: 1, calls: [call('GetObject'), call('PutObject')] },
  quick: { status: 'passed', seconds: 2, calls: [call('GetObject'), call('PutObject')] },
  last: { status: 'passed', seconds: 60, calls: [] },
} as const;
const calling = (operation: string) => (one: Baseline) => one.calls.some((call) => call.operation === operation);

it('each check runs once, in order; those that pass are known, the fastest first', async () => {
  const run: string[] = [];
  const baselines = new Baselines(['smoke-test', 'broken', 'smoke-test', 'quick', 'last'], (check) => {
    run.push(check);
    return Promise.resolve({ why: '', ...runs[check as keyof typeof runs] });
  });
  const known = (operation: string) => baselines.known(calling(operation)).map(({ check }) => check);
  expect(await baselines.runNext()).toBe(true);
  expect(known('GetObject')).toEqual(['smoke-test']);
  expect(await baselines.runNext()).toBe(true);
  // A check that fails with all permissions is ignored.
  expect(known('PutObject')).toEqual([]);
  expect(await baselines.runNext()).toBe(true);
  expect(known('GetObject')).toEqual(['quick', 'smoke-test']);
  expect([await baselines.runNext(), await baselines.runNext()]).toEqual([true, false]);
  expect(run).toEqual(['smoke-test', 'broken', 'quick', 'last']);
});

it('a check may take half as long again, and five seconds more', () => {
  expect(limitOf(10)).toBe(20);
});
