import type { ScenarioReport } from './scenario-report';

/** Joins the reports of two parts of one run. */
export function joinReports(one: ScenarioReport, other: ScenarioReport): ScenarioReport {
  return {
    ...one,
    seconds: Math.max(one.seconds, other.seconds),
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    checks: [...one.checks, ...other.checks],
  };
}
