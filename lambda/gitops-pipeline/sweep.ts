import * as z from 'zod/mini';
import { createCodeBuildClient } from '../shared/codebuild-client';
import { createCodeCommitClient } from '../shared/codecommit-client';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger, publishMetrics } from '../shared/observability';
import { translateBusyErrors } from '../shared/service-busy';
import { createStatesClient } from '../shared/states-client';
import { readBuilds } from './adapters/codebuild-builds';
import { branchesOf, headOf } from './adapters/codecommit-branches';
import { readBuild } from './adapters/dynamodb-builds';
import { openIds, readRun } from './adapters/dynamodb-runs';
import { executionStatus, startExecution } from './adapters/states-tasks';
import { beginRun } from './begin-run';
import { environmentsSchema } from './environments';
import { concludeRun, finishBuild, stopBuilds } from './finish';
import { metricDimension } from './metric-names';
import { runOfHead } from './push-event';

const settings = readEnvironment(
  z.object({
    RUNS_TABLE_NAME: z.string(),
    STATE_MACHINE_ARN: z.string(),
    REPOSITORY_NAME: z.string(),
    ENVIRONMENTS: environmentsSchema,
  }),
  process.env,
);
const table = { client: createDynamoDBClient(), tableName: settings.RUNS_TABLE_NAME };
const codebuild = createCodeBuildClient();
const repository = { client: createCodeCommitClient(), name: settings.REPOSITORY_NAME };
const sfn = createStatesClient();
const stateMachineArn = settings.STATE_MACHINE_ARN;

/** Finds what lost events have left: ended builds, runs without an execution, heads without a run. Events are best effort. */
export const handler = translateBusyErrors(async (_event, context): Promise<void> => {
  logger.addContext(context);
  const now = new Date();
  const builds = await finishEndedBuilds();
  const runs = await endLostRuns(now);
  const heads = await startMissingRuns(now);
  logger.info('swept', { builds, heads, lostRuns: runs.lost });
  publishMetrics(
    { [metricDimension]: settings.RUNS_TABLE_NAME },
    {
      LostBuildEvents: builds,
      HeadsWithoutRun: heads,
      OldestOpenRun: { value: runs.oldestSeconds, unit: 'Seconds' },
    },
  );
});

async function finishEndedBuilds(): Promise<number> {
  let finished = 0;
  for (const { id } of await openIds(table, 'build')) {
    const stored = await readBuild(table, id);
    const [build] = stored?.buildId === undefined ? [] : await readBuilds(codebuild, [stored.buildId]);
    if (build !== undefined && (await finishBuild({ table, sfn }, build))) finished += 1;
  }
  return finished;
}

/** Executions that were stopped, timed out or never started. */
async function endLostRuns(now: Date): Promise<{ readonly lost: number; readonly oldestSeconds: number }> {
  const open = await openIds(table, 'run');
  let lost = 0;
  for (const { id } of open) {
    const stored = await readRun(table, id);
    const status = await executionStatus(sfn, stateMachineArn, id);
    if (stored === undefined || status === 'RUNNING') continue;
    if (status === undefined) {
      await startExecution(sfn, stateMachineArn, stored.run);
      continue;
    }
    lost += 1;
    await stopBuilds(table, codebuild, id);
    await concludeRun(table, { run: stored.run, round: 0, failure: { Error: `Execution.${status}` } }, now);
  }
  const oldest = open[0] === undefined ? now.getTime() : Date.parse(open[0].since);
  return { lost, oldestSeconds: Math.max(0, (now.getTime() - oldest) / 1_000) };
}

async function startMissingRuns(now: Date): Promise<number> {
  let started = 0;
  for (const branch of await branchesOf(repository)) {
    const commit = await headOf(repository, branch);
    if (commit === undefined) continue;
    const run = runOfHead({ branch, commit }, settings.ENVIRONMENTS);
    if (await beginRun({ table, sfn, stateMachineArn }, run, now)) started += 1;
  }
  return started;
}
