import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { renderReportPage } from '../report-page/report-page';
import { runReportSchema, type RunReport } from './run-report';
import type { Workspace } from './workspace';

/** Machine section of the report. */
export function machineInfo(python?: string): RunReport['machine'] {
  return {
    cores: availableParallelism(),
    memoryGigabytes: Math.round((totalmem() / 1024 ** 3) * 10) / 10,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    ...(python === undefined ? {} : { python }),
  };
}

/** Writes the report as JSON and as a page. */
export function writeReport(
  workspace: Pick<Workspace, 'report' | 'reportPage' | 'scenarioReport'>,
  report: RunReport,
): void {
  writeFileSync(workspace.report, `${JSON.stringify(runReportSchema.parse(report), null, 2)}\n`);
  const pictures = dirname(workspace.scenarioReport);
  const page = renderReportPage(report, (file) => readFileSync(join(pictures, file)));
  writeFileSync(workspace.reportPage, page);
}
