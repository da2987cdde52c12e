import { createColors } from 'picocolors';
import type { FaultInjector } from '../../../scenarios/shared/faults/fault-injector';
import type { SoakFault } from '../../../scenarios/shared/scenario';
import { runSoak } from '../../../tools/scenario-runner/run-soak';
import { sumByFault } from '../../../tools/scenario-runner/soak-round';
import { soakTable } from '../../../tools/scenario-runner/soak-table';
import type { Scenario, SoakRound, WorkOutcome } from '../../../scenarios/shared/scenario';
import { testEnvironment } from './test-environment';

jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });

const good: WorkOutcome = { placed: 10, lost: [], duplicated: [] };
let injections: string[];

/** Injects for as long as the round goes on, and remembers the first number of its rng. */
const fault: SoakFault = {
  title: 'kills',
  needs: 'faults',
  inject: (_run, rng, until) => {
    injections.push(rng.random().toFixed(6));
    return new Promise((resolve) => {
      until.addEventListener('abort', () => resolve({ 'killed-process': 3 }));
    });
  },
};

function scenarioOf(slug: string, outcomes: readonly WorkOutcome[], faults: readonly SoakFault[] = [fault]): Scenario {
  let round = 0;
  const open = (): Promise<SoakRound> => {
    const outcome = outcomes[round++ % outcomes.length] ?? good;
    const work = (): Promise<void> => jest.advanceTimersByTimeAsync(1_000);
    return Promise.resolve({ faults, work, verify: () => Promise.resolve(outcome) });
  };
  const smokeTest = { name: 'smoke-test', title: 'smoke-test', run: () => Promise.resolve() };
  return { slug, smokeTest, proofs: [], soak: { units: 'orders', open } };
}

function soak(scenarios: readonly Scenario[], only: readonly string[], offered = true, seed = 1) {
  return runSoak(
    { scenarios: scenarios.map((scenario) => ({ scenario, outputs: {} })), only, seconds: 40 },
    testEnvironment({ seed, ...(offered ? { faults: {} as FaultInjector } : {}) }),
  );
}

beforeEach(() => {
  injections = [];
});

test('rounds run until the time is over, and the table has their sums', async () => {
  const { rounds } = await soak([scenarioOf('queue', [good])], []);
  expect(rounds.map(({ check }) => [check.name, check.status])).toEqual([
    ['soak-1', 'passed'],
    ['soak-2', 'passed'],
    ['soak-3', 'passed'],
  ]);
  expect(soakTable(rounds, createColors(false)).split('\n')).toEqual([
    '✓ queue: 3 rounds, 30 orders, 0 lost, 0 duplicated',
    '    9 × process crash',
  ]);
});

test.each(['lost', 'duplicated'] as const)('the first round with something %s ends it', async (what) => {
  const bad = { ...good, [what]: ['order 7'] };
  const { rounds } = await soak([scenarioOf('queue', [good, bad])], []);
  expect(rounds.map(({ check }) => check.status)).toEqual(['passed', 'failed']);
  expect(rounds[1]?.check.error?.message).toContain(`none of 10 orders is ${what}: got 1: order 7`);
  expect(soakTable(rounds, createColors(false))).toContain('✗ queue: 2 rounds, 20 orders');
});

test('a requested round runs once, with the same faults for the same seed', async () => {
  const { rounds } = await soak([scenarioOf('queue', [good])], []);
  const met = injections[1];
  injections = [];
  const again = await soak([scenarioOf('queue', [good])], ['soak-2']);
  expect([rounds.length, again.rounds.map(({ check }) => check.name), injections]).toEqual([3, ['soak-2'], [met]]);
});

test('architectures take turns, and one without a soak is left out', async () => {
  const none: Scenario = { slug: 'none', smokeTest: scenarioOf('none', []).smokeTest, proofs: [] };
  const { rounds } = await soak([scenarioOf('one', [good]), none, scenarioOf('other', [good])], ['soak-1']);
  expect(rounds.map(({ slug }) => slug).toSorted()).toEqual(['one', 'other']);
  await expect(soak([none], [])).rejects.toThrow('none of these architectures has a soak');
  await expect(soak([scenarioOf('one', [good])], ['storm'])).rejects.toThrow("no round is named 'storm': use soak-1");
});

test('without fault injection the work runs without faults', async () => {
  const { rounds } = await soak([scenarioOf('queue', [good])], ['soak-1'], false);
  expect(rounds.map(({ check }) => check.status)).toEqual(['passed']);
  expect(injections).toEqual([]);
});

test('counts of the same fault are added up', () => {
  expect(sumByFault([{ throttling: 2 }, { throttling: 3, 'killed-process': 1 }])).toEqual({
    throttling: 5,
    'killed-process': 1,
  });
});
