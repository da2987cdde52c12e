import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { translateBusyErrors } from '../shared/service-busy';
import { createStatesClient } from '../shared/states-client';
import { beginRun } from './begin-run';
import { environmentsSchema } from './environments';
import { pushEventSchema, runOfPush } from './push-event';

const settings = readEnvironment(
  z.object({ RUNS_TABLE_NAME: z.string(), STATE_MACHINE_ARN: z.string(), ENVIRONMENTS: environmentsSchema }),
  process.env,
);
const dynamodb = createDynamoDBClient();
const sfn = createStatesClient();

/** Starts the run of a pushed commit, once for each commit and environment. */
export const handler = translateBusyErrors(async (event, context): Promise<void> => {
  logger.addContext(context);
  const run = runOfPush(pushEventSchema.parse(event), settings.ENVIRONMENTS);
  if (run === undefined) return;
  const table = { client: dynamodb, tableName: settings.RUNS_TABLE_NAME };
  const started = await beginRun({ table, sfn, stateMachineArn: settings.STATE_MACHINE_ARN }, run, new Date());
  logger.info('push received', { runId: run.id, started });
});
