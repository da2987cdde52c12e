import { outcomeOf, ownerOf, type BuildFacts } from './build-outcome';
import { readBuilds, stopBuild, type BuildsClient } from './adapters/codebuild-builds';
import { closeBuild, readBuild } from './adapters/dynamodb-builds';
import { readEnvironmentRecord, releaseLock } from './adapters/dynamodb-environments';
import type { RunsTable } from './adapters/dynamodb-items';
import { openIds, readRun, recordEnd } from './adapters/dynamodb-runs';
import { endTask, type TasksClient } from './adapters/states-tasks';
import { endingOf, type RunStatus } from './ending';
import type { State } from './run';
import { expiryOf } from './times';

/** A build that must end first was stopped and has not ended yet: try again. */
export class BuildStillRunningError extends Error {
  override readonly name = 'BuildStillRunningError';
}

/** Gives the result of an ended build to the execution that waits for it; returns whether one did. */
export async function finishBuild(
  { table, sfn }: { readonly table: RunsTable; readonly sfn: TasksClient },
  build: BuildFacts,
): Promise<boolean> {
  const owner = ownerOf(build);
  if (owner === undefined) return false;
  const outcome = outcomeOf(owner.step, build);
  const stored = outcome === 'running' ? undefined : await readBuild(table, owner.id);
  // Another build with the same variables is not the one that the pipeline waits for.
  const isOther = stored?.buildId !== undefined && stored.buildId !== build.id;
  if (outcome === 'running' || stored === undefined || isOther) return false;
  const result = outcome === 'passed' ? { output: { build: build.id } } : outcome;
  const wasAwaited = await endTask(sfn, stored.taskToken, result);
  await closeBuild(table, owner.id, build.id);
  return wasAwaited;
}

/**
 * Stops the builds of a run that go on.
 *
 * @throws BuildStillRunningError until they have ended: only then may another run deploy
 */
export async function stopBuilds(table: RunsTable, codebuild: BuildsClient, runId: string): Promise<void> {
  const open = (await openIds(table, 'build')).filter(({ id }) => id.startsWith(`${runId}/`));
  for (const { id } of open) {
    const stored = await readBuild(table, id);
    const [build] = stored?.buildId === undefined ? [] : await readBuilds(codebuild, [stored.buildId]);
    if (build?.status === 'IN_PROGRESS') {
      await stopBuild(codebuild, build.id);
      throw new BuildStillRunningError(`build ${build.id} of ${id} is being stopped`);
    }
    await closeBuild(table, id);
  }
}

/** Ends a run: its status is recorded, and the environment is free. Returns the status that was recorded first. */
export async function concludeRun(table: RunsTable, state: State, now: Date): Promise<RunStatus> {
  const { run, artifact, decision } = state;
  const name = run.environment?.name;
  const record = name === undefined ? undefined : await readEnvironmentRecord(table, name);
  const status = endingOf(state, record?.owner === run.id);
  const isFirst = await recordEnd(table, { state, status, at: now.toISOString(), expiresAt: expiryOf(now) });
  if (name !== undefined) {
    const isGood = decision === 'deployed' && (status === 'deployed' || status === 'rolled-back');
    await releaseLock(table, name, run.id, isGood ? artifact : undefined);
  }
  // An attempt that was cut off has released the environment, which the status depends on.
  const recorded = isFirst ? status : (await readRun(table, run.id))?.status;
  return recorded === undefined || recorded === 'starting' ? status : recorded;
}
