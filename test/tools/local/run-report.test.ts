import { runReportSchema } from '../../../tools/local/run-report';
import { failingReport, passingReport, undeployedReport } from './sample-report';

describe('the report of a local run', () => {
  it.each([
    ['good', passingReport()],
    ['failed', failingReport()],
    ['undeployed', undeployedReport()],
  ])('of a %s run is read from a file unchanged', (_kind, report) => {
    expect(runReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it.each<[string, (report: ReturnType<typeof passingReport>) => object | undefined]>([
    ['the report', (report) => report],
    ['the machine', (report) => report.machine],
    ['the emulator', (report) => report.emulator],
    ['a phase', (report) => report.phases[0]],
    ['an architecture', (report) => report.architectures[0]],
    ['a limit', (report) => report.architectures[0]?.limits[0]],
    ['a rule', (report) => report.rules[0]],
    ['the scenarios', (report) => report.scenarios],
    ['a check', (report) => report.scenarios?.checks[0]],
  ])('refuses an unknown key in %s', (_place, find) => {
    const report = passingReport();
    Object.assign(find(report) ?? {}, { surprise: 1 });
    expect(() => runReportSchema.parse(report)).toThrow(/surprise/);
  });

  it('refuses negative times, unknown statuses and invalid timestamps', () => {
    const report = passingReport();
    expect(runReportSchema.safeParse({ ...report, seconds: -1 }).success).toBe(false);
    expect(runReportSchema.safeParse({ ...report, status: 'skipped' }).success).toBe(false);
    expect(runReportSchema.safeParse({ ...report, startedAt: 'yesterday' }).success).toBe(false);
  });

  it('needs no scenarios, since a run can end before them', () => {
    expect(runReportSchema.parse(undeployedReport())).not.toHaveProperty('scenarios');
  });
});
