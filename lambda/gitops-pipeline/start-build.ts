import * as z from 'zod/mini';
import { createCodeBuildClient } from '../shared/codebuild-client';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { translateBusyErrors } from '../shared/service-busy';
import { createStatesClient } from '../shared/states-client';
import { findBuild, readBuilds, startBuild } from './adapters/codebuild-builds';
import { awaitBuild, recordBuildId } from './adapters/dynamodb-builds';
import { buildRequestOf, projectsSchema, type BuildPlaces } from './build-request';
import { finishBuild } from './finish';
import { buildIdOf, stateSchema, stepSchema } from './run';
import { expiryOf } from './times';

const settings = readEnvironment(
  z.object({
    RUNS_TABLE_NAME: z.string(),
    ARTIFACTS_BUCKET_NAME: z.string(),
    PROJECTS: z.string(),
    TOOLS_OBJECT: z.string(),
  }),
  process.env,
);
const dynamodb = createDynamoDBClient();
const codebuild = createCodeBuildClient({ requestTimeout: 5_000 });
const sfn = createStatesClient();

/** CodeBuild knows a token for five minutes, which begin a little later than this counts. */
const tokenMilliseconds = 4 * 60_000;

const inputSchema = z.object({ step: stepSchema, taskToken: z.string(), state: stateSchema });

/**
 * Starts the build of a step for an execution, which waits for the task token.
 *
 * The token is recorded before the build starts, so that the build's end finds it. Another attempt of the same step waits for
 * the build that there is, which may have ended while the token of an earlier attempt was recorded.
 */
export const handler = translateBusyErrors(async (event, context): Promise<void> => {
  logger.addContext(context);
  const { step, taskToken, state } = inputSchema.parse(event);
  const { run, round } = state;
  const table = { client: dynamodb, tableName: settings.RUNS_TABLE_NAME };
  const id = buildIdOf(run.id, step, round);
  const now = new Date();
  const stored = await awaitBuild(table, id, { taskToken, at: now.toISOString(), expiresAt: expiryOf(now) });
  let { buildId } = stored;
  if (buildId === undefined) {
    const request = buildRequestOf(step, state, places());
    const since = new Date(stored.since ?? now);
    const isTokenOld = now.getTime() - since.getTime() > tokenMilliseconds;
    buildId = isTokenOld ? await findBuild(codebuild, request, since) : undefined;
    buildId ??= await startBuild(codebuild, request);
    await recordBuildId(table, id, buildId);
    logger.info('build started', { id, buildId });
  }
  const [build] = await readBuilds(codebuild, [buildId]);
  if (build !== undefined) await finishBuild({ table, sfn }, build);
});

const places = (): BuildPlaces => ({
  projects: projectsSchema.parse(settings.PROJECTS),
  bucket: settings.ARTIFACTS_BUCKET_NAME,
  tools: settings.TOOLS_OBJECT,
});
