import { createColors } from 'picocolors';
import { resultTable } from '../../../tools/scenario-runner/result-table';
import type { ScenarioReport } from '../../../tools/scenario-runner/scenario-report';

const base = { slug: 'sample', kind: 'proof' as const, title: '', seconds: 1.25, metrics: [], pictures: [] };
const report: ScenarioReport = {
  target: 'here',
  startedAt: '2026-11-21T10:00:00.000Z',
  seconds: 3.1,
  seed: 42,
  passed: 1,
  failed: 1,
  skipped: 0,
  checks: [
    { ...base, name: 'good', status: 'passed', steps: [], assertions: [{ assertion: 'c', passed: true }] },
    {
      ...base,
      name: 'bad',
      status: 'failed',
      assertions: [{ assertion: 'c', passed: false }],
      steps: [{ title: 'upload', depth: 0, status: 'failed', seconds: 1 }],
      error: { message: 'c (was d)\nand more' },
    },
  ],
};

test('each check has a row, each failure its step and reason, and the sum has the seed', () => {
  expect(resultTable(report, createColors(false)).split('\n')).toEqual([
    expect.stringMatching(/^✓ passed {2}sample · good +1\/1 assertions +1\.\d s$/),
    expect.stringMatching(/^✗ failed {2}sample · bad +0\/1 assertions +1\.\d s$/),
    '',
    '✗ sample · bad, in "upload": c (was d)',
    '',
    '1 passed, 1 failed in 3.1 s (seed 42)',
  ]);
});

test('a check that was skipped says why, and the sum counts it apart', () => {
  const skipped = {
    ...base,
    name: 'kills',
    status: 'skipped' as const,
    skipped: 'no faults here',
    steps: [],
    assertions: [],
  };
  const lines = resultTable({ ...report, skipped: 1, checks: [skipped] }, createColors(false)).split('\n');
  expect(lines).toEqual([
    '– skipped sample · kills  no faults here',
    '',
    '1 passed, 1 failed, 1 skipped in 3.1 s (seed 42)',
  ]);
});
