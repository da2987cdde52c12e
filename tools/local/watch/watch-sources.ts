import { Progress } from '../../scenario-runner/progress';
import type { FailureLines } from '../invocations/failure-lines';
import type { InvocationObserver } from '../invocations/observer';
import { runPass, type PassEnvironment } from '../pass-run';
import { withoutMissingPrograms } from '../programs';
import { reportRun } from '../report-run';
import type { Run, RunResult } from '../run';
import { reloadScenarios } from './reload-scenarios';
import { SourceFiles, type Snapshot } from './source-files';
import { WatchedStack, type WatchedDeployment } from './watched-stack';

export interface Watch extends WatchedDeployment {
  readonly run: Run;
  readonly environment: PassEnvironment & { readonly observer: InvocationObserver };
  readonly failureLines: FailureLines;
  /** Contents of the sources before they were synthesized. */
  readonly seen: Snapshot;
}

/** Deploys each change of a source and runs the checks that it concerns, until the process ends. */
export async function watchSources(watch: Watch, result: RunResult, passed: boolean): Promise<never> {
  const { run, failureLines, environment } = watch;
  const files = new SourceFiles(run.workspace.root, watch.seen);
  const stack = new WatchedStack(watch);
  void run.interrupted.catch(() => stack.close());
  reportRun(run, result, passed);
  result.watched = passed;
  await stack.prepare(run);
  for (;;) {
    run.progress.line('watching the sources: save a file, or end with Ctrl-C');
    const changes = await files.nextChanges();
    run.progress.line(`\nchanged: ${namesOf(changes)}`);
    failureLines.reset();
    environment.observer.ignoreEventsBefore(Date.now());
    const round = { ...run, progress: new Progress(run.progress.display), startedAt: Date.now() };
    try {
      result.watched = await runRound(watch, round, { changed: await stack.update(round, changes), result });
    } catch (error) {
      result.watched = false;
      const { colors } = run.progress.display;
      run.progress.line(`${colors.red('✗')} ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

interface Round {
  /** Architectures whose checks are to run. */
  readonly changed: ReadonlySet<string> | 'all';
  readonly result: RunResult;
}

/** @returns whether the last checks passed */
async function runRound({ pass, environment }: Watch, run: Run, { changed, result }: Round): Promise<boolean> {
  const affected = pass.slugs.filter((slug) => changed === 'all' || changed.has(slug));
  if (affected.length === 0) {
    run.progress.line('no deployed function and no check uses it');
    return result.watched === true;
  }
  // `--only` may name checks of some architectures only.
  const slugs = pass.only.length > 0 ? pass.slugs : affected;
  const scenarios = withoutMissingPrograms(reloadScenarios(run.workspace.root, slugs), () => undefined);
  // The code before may have left events of its failed check.
  environment.observer.ignoreEventsBefore(Date.now());
  const { scenarios: _before, ...deployed } = result;
  const ofRound: RunResult = { ...deployed, rounds: [] };
  const passed = await runPass(run, { ...pass, slugs }, { ...environment, scenarios }, ofRound);
  ofRound.functions = await environment.observer.statistics(run.startedAt);
  reportRun(run, ofRound, passed);
  return passed;
}

function namesOf(changes: readonly string[]): string {
  const more = changes.length - 3;
  return `${changes.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
