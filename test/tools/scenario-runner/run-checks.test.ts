import { createColors } from 'picocolors';
import { summaryLines } from '../../../tools/scenario-runner/run-checks';
import type { CheckReport, ScenarioReport } from '../../../tools/scenario-runner/scenario-report';

function check(slug: string, name: string, status: CheckReport['status']): CheckReport {
  const times = { start: 0, seconds: 1 };
  return {
    slug,
    kind: 'proof',
    name,
    title: name,
    status,
    ...times,
    steps: [],
    assertions: [],
    metrics: [],
    pictures: [],
  };
}

function reportOf(...checks: CheckReport[]): ScenarioReport {
  const count = (status: string) => checks.filter((one) => one.status === status).length;
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  return { target: 'here', startedAt: '2026-01-01T00:00:00.000Z', seconds: 61.4, seed: 7, ...counts, checks };
}

function summary(...checks: CheckReport[]): string[] {
  return summaryLines({ report: reportOf(...checks), rounds: [] }, { repeat: 'npm run prove --' }, createColors(false));
}

test('a passed run is one line with the counts', () => {
  expect(summary(check('a', 'one', 'passed'))).toEqual(['1 passed, 0 failed in 61 s (seed 7)']);
});

test('a failed run names the command that repeats its failures, each once', () => {
  const failed = [check('a', 'one', 'failed'), check('b', 'one', 'failed'), check('b', 'two', 'passed')];
  expect(summary(...failed, check('b', 'three', 'skipped'))).toEqual([
    'repeat with: npm run prove -- a b --only one --seed 7',
    '1 passed, 2 failed, 1 skipped in 61 s (seed 7)',
  ]);
});
