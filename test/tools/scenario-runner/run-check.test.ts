import type { FaultInjector } from '../../../scenarios/shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../../../scenarios/shared/scenario';
import { runCheck, type CheckResult } from '../../../tools/scenario-runner/run-check';
import { testEnvironment } from './test-environment';

const never = new AbortController().signal;

function runBody(
  body: (run: ScenarioRun) => Promise<void>,
  settings: Partial<Check> = {},
  stop = never,
  faults?: FaultInjector,
): Promise<CheckResult> {
  const check: Check = { name: 'check', title: 'a promise', run: body, ...settings };
  return runCheck(
    { slug: 'sample', kind: 'proof', check, outputs: {} },
    testEnvironment({ stop, ...(faults === undefined ? {} : { faults }) }),
  );
}

test('a check whose assertions pass passes', async () => {
  const { report } = await runBody(async (run) => {
    run.assert(true, 'one is one');
  });
  expect(report).toMatchObject({ status: 'passed', assertions: [{ assertion: 'one is one', passed: true }] });
  expect(report.error).toBeUndefined();
});

test('an assertion that is false fails the check with its detail', async () => {
  const { report } = await runBody(async (run) => {
    run.assert(false, 'one is two', '1 !== 2');
  });
  expect(report.status).toBe('failed');
  expect(report.error?.message).toBe('AssertionError: one is two: got 1 !== 2');
});

test('a check that catches the error of its assertion fails', async () => {
  const { report } = await runBody(async (run) => {
    try {
      run.assert(false, 'one is two');
    } catch {
      // As a careless check might.
    }
  });
  expect(report.error?.message).toBe('AssertionError: one is two');
});

test('an error names its cause, once', async () => {
  const messageOf = async (error: Error) => (await runBody(() => Promise.reject(error))).report.error?.message;
  const cause = new Error('other side closed');
  expect(await messageOf(new TypeError('fetch failed', { cause }))).toBe('TypeError: fetch failed (other side closed)');
  expect(await messageOf(new Error(`stopped: ${cause.message}`, { cause }))).toBe('stopped: other side closed');
});

test('all clean-ups run, last first, also after a failure of the check or of one of them', async () => {
  const order: string[] = [];
  const { report } = await runBody(async (run) => {
    run.cleanUp('first', async () => void order.push('first'));
    run.cleanUp('second', () => Promise.reject(new Error('gone')));
    run.cleanUp('third', async () => void order.push('third'));
    throw new Error('the check failed');
  });
  expect(order).toEqual(['third', 'first']);
  expect(report.error?.message).toBe('the check failed');
  expect(report.steps.map(({ title, status }) => [title, status])).toEqual([
    ['clean up: third', 'passed'],
    ['clean up: second', 'failed'],
    ['clean up: first', 'passed'],
  ]);
});

test('a check whose clean-up fails is failed', async () => {
  const { report } = await runBody(async (run) => {
    run.cleanUp('the bucket', () => Promise.reject(new Error('access denied')));
  });
  expect(report.error?.message).toBe('clean-up failed: the bucket: access denied');
});

test('a check that exceeds its time limit ends and is cleaned up', async () => {
  let cleaned = false;
  const { report } = await runBody(
    async (run) => {
      run.cleanUp('all', async () => void (cleaned = true));
      await run.eventually('what never comes', async () => undefined, { everyMilliseconds: 5 });
    },
    { withinSeconds: 0.05 },
  );
  expect(report.error?.message).toBe('check exceeded its time limit of 0.05 s');
  expect(cleaned).toBe(true);
});

test('a stop ends the check at its next step, and clean-ups may still take steps and wait', async () => {
  const stop = new AbortController();
  let steps = 0;
  let waited: number | undefined;
  const { report } = await runBody(
    async (run) => {
      run.cleanUp('all', async () => {
        waited = await run.step('look', () => run.eventually('a look', async () => 7));
      });
      await run.step('one', async () => void (steps += 1));
      stop.abort(new Error('stopped by SIGINT'));
      await run.step('two', async () => void (steps += 1));
    },
    {},
    stop.signal,
  );
  expect(report.error?.message).toBe('stopped by SIGINT');
  expect([steps, waited]).toEqual([1, 7]);
});

test('a check that is stopped before its start does not run', async () => {
  let begun = false;
  const { report } = await runBody(
    async () => void (begun = true),
    {},
    AbortSignal.abort(new Error('stopped by SIGINT')),
  );
  expect([begun, report.status]).toEqual([false, 'failed']);
});

test('steps keep the order of their starts and know their depth', async () => {
  const { report } = await runBody(async (run) => {
    await run.step('outer', async () => {
      await Promise.all([run.step('left', () => run.step('leaf', async () => 1)), run.step('right', async () => 2)]);
    });
    await run.step('next', async () => 3);
  });
  expect(report.steps.map(({ title, depth }) => `${depth} ${title}`)).toEqual([
    '0 outer',
    '1 left',
    '2 leaf',
    '1 right',
    '0 next',
  ]);
});

test('the seed and the name of the check decide its random numbers, and nothing decides its run id', async () => {
  const seen: { numbers: number[]; runId: string }[] = [];
  const body = async (run: ScenarioRun): Promise<void> => {
    seen.push({ numbers: [run.random(), run.random()], runId: run.runId });
  };
  await runBody(body);
  await runBody(body);
  await runBody(body, { name: 'another' });
  expect(seen[1]?.numbers).toEqual(seen[0]?.numbers);
  expect(seen[2]?.numbers).not.toEqual(seen[0]?.numbers);
  expect(new Set(seen.map(({ runId }) => runId)).size).toBe(3);
  for (const { runId } of seen) expect(runId).toMatch(/^[a-z0-9]{6,12}$/);
});

test('a check that needs faults is skipped without fault injection', async () => {
  let ran = false;
  const body = async (): Promise<void> => {
    ran = true;
  };
  const { report } = await runBody(body, { needs: 'faults' });
  expect(report).toMatchObject({ status: 'skipped', skipped: expect.stringContaining('not available') as unknown });
  expect(ran).toBe(false);
});

test('a check that needs faults gets the fault injection', async () => {
  const faults: FaultInjector = {
    kill: () => Promise.resolve(3),
    disturb: () => Promise.reject(new Error('unused')),
    setEc2Conditions: () => Promise.reject(new Error('unused')),
    crashDatabase: () => Promise.reject(new Error('unused')),
    watchDatabase: () => Promise.reject(new Error('unused')),
    crashStreamPoller: () => Promise.reject(new Error('unused')),
    setStreamPollerClock: () => Promise.reject(new Error('unused')),
    signalNextTask: () => Promise.resolve(false),
    runningTasks: () => 0,
    loseEvents: () => () => undefined,
    endBuilds: () => 0,
    refuseBuilds: () => ({ count: () => 0, end: () => undefined }),
    sentEmails: () => Promise.resolve([]),
  };
  const body = async (run: ScenarioRun): Promise<void> => {
    run.assert((await run.faults?.kill('f')) === 3, 'three are killed');
  };
  const { report } = await runBody(body, { needs: 'faults' }, never, faults);
  expect(report.status).toBe('passed');
});
