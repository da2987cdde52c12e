import * as z from 'zod/mini';
import { createCodeBuildClient } from '../shared/codebuild-client';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { translateBusyErrors } from '../shared/service-busy';
import { createStatesClient } from '../shared/states-client';
import { readBuilds } from './adapters/codebuild-builds';
import { finishBuild } from './finish';

const settings = readEnvironment(z.object({ RUNS_TABLE_NAME: z.string() }), process.env);
const dynamodb = createDynamoDBClient();
const codebuild = createCodeBuildClient();
const sfn = createStatesClient();

/** https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html */
const eventSchema = z.object({ detail: z.object({ 'build-id': z.string() }) });

/** Gives the result of an ended build to the execution that waits for it. CodeBuild is asked: the event only says which. */
export const handler = translateBusyErrors(async (event, context): Promise<void> => {
  logger.addContext(context);
  // The event has the ARN of the build, and BatchGetBuilds takes ids.
  const buildId = eventSchema.parse(event).detail['build-id'].replace(/^arn:.*:build\//, '');
  const table = { client: dynamodb, tableName: settings.RUNS_TABLE_NAME };
  const [build] = await readBuilds(codebuild, [buildId]);
  const wasAwaited = build !== undefined && (await finishBuild({ table, sfn }, build));
  logger.info('build ended', { buildId, wasAwaited });
});
