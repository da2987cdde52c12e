import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineInfo, writeReport } from '../../../tools/local/report';
import { runReportSchema, type RunReport } from '../../../tools/local/run-report';
import { workspaceOf } from '../../../tools/local/workspace';

const report: RunReport = {
  startedAt: '2026-01-02T03:04:05.000Z',
  seconds: 1,
  status: 'failed',
  machine: machineInfo('3.12.1'),
  emulator: { name: 'MiniStack', version: '1.5.33' },
  phases: [],
  architectures: [],
  rules: [],
  functions: [],
  failure: 'the deployment was refused',
};

test('a run that failed early has its report and its page', () => {
  const workspace = workspaceOf(mkdtempSync(join(tmpdir(), 'report-')));
  mkdirSync(workspace.folder);
  writeReport(workspace, report);
  expect(runReportSchema.parse(JSON.parse(readFileSync(workspace.report, 'utf8')))).toEqual(report);
  expect(readFileSync(workspace.reportPage, 'utf8')).toContain('the deployment was refused');
});
