import { summaryLines } from '../scenario-runner/run-checks';
import { writeReport } from './report';
import type { Run, RunResult } from './run';

/** Writes the report and prints the summary, which ends with its path. */
export function reportRun(
  { workspace, progress, options, startedAt }: Run,
  result: RunResult,
  outcome: boolean | Error,
): void {
  const { rounds, watched: _watched, ...parts } = result;
  const failure = outcome instanceof Error ? outcome.message : undefined;
  writeReport(workspace, {
    ...parts,
    startedAt: new Date(startedAt).toISOString(),
    seconds: Math.round((Date.now() - startedAt) / 100) / 10,
    status: outcome === true ? 'passed' : 'failed',
    phases: progress.phases,
    ...(failure === undefined ? {} : { failure }),
  });
  const { colors } = progress.display;
  if (failure !== undefined) console.error(`\n${colors.red('failed:')} ${failure}\n`);
  if (result.scenarios !== undefined) {
    const repeat = `npm run ${options.prove ? 'prove' : 'local'} --`;
    const lines = summaryLines({ report: result.scenarios, rounds }, { repeat, soak: options.soak }, colors);
    for (const line of lines) console.log(line);
    if (outcome !== true) console.log(`logs of the functions: ${workspace.log('emulator')}`);
  }
  console.log(`report: ${workspace.reportPage}`);
}
