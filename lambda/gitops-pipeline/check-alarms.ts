import * as z from 'zod/mini';
import { createCloudWatchClient } from '../shared/cloudwatch-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { listAlarms } from './adapters/cloudwatch-alarms';
import type { State } from './run';
import { stepHandler } from './step-handler';
import { isFirstLook, watched } from './watch';

const settings = readEnvironment(z.object({ WATCH_SECONDS: wholeNumber }), process.env);
const cloudwatch = createCloudWatchClient();

/** Looks at the alarms of the environment's stacks after a deployment. */
export const handler = stepHandler(async (state, now): Promise<State> => {
  const alarms = await listAlarms(cloudwatch, isFirstLook(state) ? undefined : 'ALARM');
  const next = watched(state, alarms, now, settings.WATCH_SECONDS);
  logger.info('alarms checked', { decision: next.decision, failure: next.failure });
  return next;
});
