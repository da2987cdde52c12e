import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { readBuild } from '../../lambda/gitops-pipeline/adapters/dynamodb-builds';
import { openIds, readRun, recordRun, markStarted } from '../../lambda/gitops-pipeline/adapters/dynamodb-runs';
import { readEnvironmentRecord, releaseLock } from '../../lambda/gitops-pipeline/adapters/dynamodb-environments';
import { executionStatus, startExecution } from '../../lambda/gitops-pipeline/adapters/states-tasks';
import { artifactSchema, buildIdOf, buildSteps, type Artifact, type Run } from '../../lambda/gitops-pipeline/run';
import { NotDoneError } from './command';
import type { PipelineDeployment } from './pipeline-deployment';

/** Lines about one run, or about all that have not ended. */
export async function showRuns(deployment: PipelineDeployment, runId: string): Promise<string[]> {
  if (runId !== '') return showRun(deployment, runId);
  const open = await openIds(deployment.table, 'run');
  return [...open.map(({ id, since }) => `${id}  since ${since}`), `${open.length} open runs`];
}

async function showRun({ table, sfn, output }: PipelineDeployment, runId: string): Promise<string[]> {
  const stored = await readRun(table, runId);
  if (stored === undefined) throw new NotDoneError(`no run '${runId}': check the id, or give another --stage`);
  const { run, status, startedAt } = stored;
  const execution = await executionStatus(sfn, output('PipelineStateMachineArn'), runId);
  const { failure, artifact } = await readEnd({ table }, runId);
  const lines = [
    `${runId}: ${status}, started ${startedAt}, execution ${execution ?? 'not found'}`,
    `branch ${JSON.stringify(run.branch)}, environment ${run.environment?.name ?? 'none'}, pushed by ${run.pusher ?? 'unknown'}`,
    `artifact ${artifact?.digest ?? 'none'}`,
    ...(failure === '' ? [] : [`failure ${failure}`]),
  ];
  for (const step of buildSteps) {
    for (let round = 0; ; round++) {
      const build = await readBuild(table, buildIdOf(runId, step, round));
      if (build === undefined) break;
      lines.push(`${step} ${round}: ${build.ended ? 'ended' : 'open'}, build ${build.buildId ?? 'not started'}`);
    }
  }
  return lines;
}

async function readEnd(
  { table }: Pick<PipelineDeployment, 'table'>,
  runId: string,
): Promise<{ readonly failure: string; readonly artifact?: Artifact }> {
  const Key = { id: { S: `run#${runId}` } };
  const { Item } = await table.client.send(new GetItemCommand({ TableName: table.tableName, Key }));
  const artifact = Item?.['artifact']?.S ?? '';
  return {
    failure: Item?.['failure']?.S ?? '',
    ...(artifact === '' ? {} : { artifact: artifactSchema.parse(JSON.parse(artifact)) }),
  };
}

/** Starts a run that deploys the artifact of an earlier one again; its difference is new, and so is its approval. */
export async function deployAgain(
  { table, sfn, output }: PipelineDeployment,
  runId: string,
  now: Date,
  by?: string,
): Promise<string[]> {
  const stored = await readRun(table, runId);
  if (stored === undefined) throw new NotDoneError(`no run '${runId}': check the id, or give another --stage`);
  const { artifact } = await readEnd({ table }, runId);
  const { environment } = stored.run;
  if (artifact === undefined || environment === undefined) {
    throw new NotDoneError(`run ${runId} has no artifact of an environment: push the commit to a branch of one`);
  }
  const id = `${environment.name}-${artifact.commit.slice(0, 12)}-${now.getTime().toString(36)}`;
  // The operator counts as the pusher: somebody else approves.
  const run: Run = { ...stored.run, id, again: artifact, ...(by === undefined ? {} : { pusher: by }) };
  await recordRun(table, run, now.toISOString());
  await startExecution(sfn, output('PipelineStateMachineArn'), run);
  await markStarted(table, id);
  return [`started ${id} with artifact ${artifact.digest}`];
}

/** Releases the lock of an environment whose owner has ended. */
export async function releaseEnvironment({ table, sfn, output }: PipelineDeployment, name: string): Promise<string[]> {
  const { owner } = await readEnvironmentRecord(table, name);
  if (owner === undefined) return [`${name} is not locked`];
  const status = await executionStatus(sfn, output('PipelineStateMachineArn'), owner);
  if (status === 'RUNNING') {
    throw new NotDoneError(`${name} is locked by ${owner}, which is running: stop its execution first, or wait`);
  }
  await releaseLock(table, name, owner);
  return [`released ${name}, which ${owner} had locked`];
}
