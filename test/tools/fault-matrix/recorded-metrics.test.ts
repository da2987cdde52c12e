import { withRun, type RecordedMetrics } from '../../../tools/fault-matrix/recorded-metrics';
import { faultPages } from '../../../tools/fault-matrix/fault-pages';
import type { ScenarioReport } from '../../../tools/scenario-runner/scenario-report';

type CheckReport = ScenarioReport['checks'][number];

function check(name: string, more: Partial<CheckReport> = {}): CheckReport {
  const metrics = [{ name: 'workers killed', value: 12 }];
  const base = { slug: 'queue', kind: 'proof', name, title: name, status: 'passed', start: 0, seconds: 1 } as const;
  return { ...base, steps: [], assertions: [], metrics, pictures: [], ...more };
}

function runOf(...checks: CheckReport[]): ScenarioReport {
  const counts = { passed: 1, failed: 0, skipped: 0 };
  return { target: 'here', startedAt: '2026-11-21T20:00:00.000Z', seconds: 1, seed: 1, ...counts, checks };
}

const named = new Set(['killed', 'slow', 'older']);

test('counts of named proofs that passed are recorded with the day of the run, durations are not', () => {
  const slow = check('slow', {
    metrics: [
      { name: 'p99', value: 1.5, unit: 's' },
      { name: 'confirmed', value: 9, unit: 'orders' },
    ],
  });
  expect(withRun({}, runOf(slow, check('killed'), check('unnamed')), 'queue', named)).toEqual({
    killed: { on: '2026-11-21', metrics: ['workers killed: 12'] },
    slow: { on: '2026-11-21', metrics: ['confirmed: 9 orders'] },
  });
});

test('a proof that failed or has no metrics keeps its older ones, and a removed proof is dropped', () => {
  const old = { on: '2026-10-01', metrics: ['workers killed: 9'] };
  const recorded: RecordedMetrics = { killed: old, older: old, gone: old };
  const run = runOf(check('killed', { status: 'failed' }), check('slow', { metrics: [] }));
  expect(withRun(recorded, run, 'queue', named)).toEqual({ killed: old, older: old });
});

test('the page lists them below the answers', () => {
  const answers = {} as Parameters<typeof faultPages>[0][number]['answers'];
  const all = new Proxy(answers, { get: () => ({ provedBy: ['killed'] }) });
  const metrics = { killed: { on: '2026-11-21', metrics: ['workers killed: 12', 'doubled: 0'] } };
  const pages = faultPages([{ slug: 'queue', answers: all, metrics }]);
  expect(pages.get('docs/faults/queue.md')).toContain('| `killed` | workers killed: 12; doubled: 0 | 2026-11-21 |');
});
