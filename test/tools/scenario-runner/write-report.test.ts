import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runChecks } from '../../../tools/scenario-runner/run-checks';
import { writeReport } from '../../../tools/scenario-runner/write-report';
import { scenarioReportSchema, type ScenarioReport } from '../../../tools/scenario-runner/scenario-report';
import type { ScenarioRun } from '../../../scenarios/shared/scenario';
import { testEnvironment } from './test-environment';

async function reported(
  body: (run: ScenarioRun) => Promise<void>,
): Promise<{ report: ScenarioReport; folder: string }> {
  const scenario = { slug: 'sample', smokeTest: { name: 'smoke-test', title: 'it works', run: body }, proofs: [] };
  const settings = {
    scenarios: [{ scenario, outputs: {} }],
    prove: false,
    only: [],
    target: 'https://127.0.0.1:1',
  };
  const { report, results } = await runChecks(settings, testEnvironment({ seed: 7 }));
  const folder = mkdtempSync(path.join(tmpdir(), 'report-'));
  const file = path.join(folder, 'scenarios.json');
  writeReport(file, report, results);
  return { report: scenarioReportSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), folder };
}

test('the report file has the steps, assertions, metrics and pictures of a check', async () => {
  const { report, folder } = await reported(async (run) => {
    run.metric('wait', 1.5, 's');
    await run.step('upload', async () => run.assert(true, 'it is there', 'at once'));
    run.picture('cat', 'thumbnail', Buffer.from('bytes'), 'image/webp', 'small');
  });
  expect(report).toMatchObject({ seed: 7, passed: 1, failed: 0, target: 'https://127.0.0.1:1' });
  const [check] = report.checks;
  expect(check).toMatchObject({
    slug: 'sample',
    kind: 'smoke-test',
    steps: [{ title: 'upload', depth: 0, status: 'passed' }],
    assertions: [{ assertion: 'it is there', passed: true, got: 'at once' }],
    metrics: [{ name: 'wait', value: 1.5, unit: 's' }],
    pictures: [{ group: 'cat', title: 'thumbnail', contentType: 'image/webp', caption: 'small' }],
  });
  expect(readFileSync(path.join(folder, check?.pictures[0]?.file ?? ''), 'utf8')).toBe('bytes');
});

test('a failed check is written with its error', async () => {
  const { report } = await reported(() => Promise.reject(new Error('the bucket is gone')));
  expect(report).toMatchObject({
    passed: 0,
    failed: 1,
    skipped: 0,
    checks: [{ status: 'failed', error: { message: 'the bucket is gone' } }],
  });
});

test('pictures of an earlier report are deleted', async () => {
  const { folder } = await reported(async () => {});
  const stale = path.join(folder, 'scenarios-pictures', 'stale.webp');
  writeFileSync(stale, '');
  const empty = {
    target: 't',
    startedAt: new Date().toISOString(),
    seconds: 0,
    seed: 0,
    passed: 0,
    failed: 0,
    skipped: 0,
    checks: [],
  };
  writeReport(path.join(folder, 'scenarios.json'), empty, []);
  expect(existsSync(stale)).toBe(false);
});
