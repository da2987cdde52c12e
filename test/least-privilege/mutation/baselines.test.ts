import { Baselines, limitOf, type Baseline } from '../../../least-privilege/mutation/baselines';

const call = (operation: string) => ({ stack: 'S', function: 'F', service: 's3', operation, resources: [] });
const runs = {
  tour: { status: 'passed', seconds: 9, calls: [call('GetObject')] },
  broken: { status: 'failed', seconds: 1, calls: [call('GetObject'), call('PutObject')] },
  quick: { status: 'passed', seconds: 2, calls: [call('GetObject'), call('PutObject')] },
  last: { status: 'passed', seconds: 60, calls: [] },
} as const;
const does = (operation: string) => (one: Baseline) => one.calls.some((call) => call.operation === operation);

async function take(checks: AsyncGenerator<Baseline, undefined>, most: number): Promise<string[]> {
  const taken: string[] = [];
  for await (const { check } of checks) {
    taken.push(check);
    if (taken.length === most) break;
  }
  return taken;
}

it('a check runs once and no earlier than it is needed; those that have run come first, the quickest of them first', async () => {
  const run: string[] = [];
  const baselines = new Baselines(['tour', 'broken', 'tour', 'quick', 'last'], (check) => {
    run.push(check);
    return Promise.resolve({ why: '', ...runs[check as keyof typeof runs] });
  });
  expect(await take(baselines.doing(does('GetObject')), 1)).toEqual(['tour']);
  expect(run).toEqual(['tour']);
  // One that fails with all permissions shows nothing.
  expect(await take(baselines.doing(does('PutObject')), 1)).toEqual(['quick']);
  expect(await take(baselines.doing(does('GetObject')), 9)).toEqual(['quick', 'tour']);
  expect(run).toEqual(['tour', 'broken', 'quick', 'last']);
});

it('a check has more time than it took, and a little more', () => {
  expect(limitOf(10)).toBe(20);
});
