import * as z from 'zod/mini';
import { createCodeBuildClient } from '../shared/codebuild-client';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createSNSClient } from '../shared/sns-client';
import { readRun } from './adapters/dynamodb-runs';
import { publish } from './adapters/sns-messages';
import { isFailure, messageOf } from './ending';
import { concludeRun, stopBuilds } from './finish';
import { stepHandler } from './step-handler';

const settings = readEnvironment(z.object({ RUNS_TABLE_NAME: z.string(), REPORTS_TOPIC_ARN: z.string() }), process.env);
const table = { client: createDynamoDBClient(), tableName: settings.RUNS_TABLE_NAME };
const codebuild = createCodeBuildClient();
const sns = createSNSClient();

/** Ends a run, however it went: its builds are stopped, the environment is released, and the team is notified. */
export const handler = stepHandler(async (state, now): Promise<{ status: string; failed: boolean }> => {
  await stopBuilds(table, codebuild, state.run.id);
  const status = await concludeRun(table, state, now);
  const stored = await readRun(table, state.run.id);
  const began = Date.parse(stored?.startedAt ?? '') || now.getTime();
  const run = stored?.run ?? state.run;
  await publish(sns, settings.REPORTS_TOPIC_ARN, messageOf({ ...state, run }, status, (now.getTime() - began) / 1_000));
  logger.info('run ended', { status });
  return { status, failed: isFailure(status) };
});
