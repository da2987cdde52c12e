import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { translateBusyErrors } from '../shared/service-busy';
import { changeRequest } from './adapters/dynamodb-requests';
import { createSchedulerClient, scheduleEnd } from './adapters/scheduler-ends';
import { createRequesterNotices, createStore, requesterVariables, storeVariables } from './dependencies';
import { isFinal } from './request-record';
import { stepSchema } from './step-input';
import { moveEnd } from './transitions';

const settings = readEnvironment(
  z.extend(storeVariables, {
    ...requesterVariables.shape,
    SCHEDULE_GROUP_NAME: z.string(),
    SCHEDULE_ROLE_ARN: z.string(),
    END_MACHINE_FUNCTION_ARN: z.string(),
    DEAD_LETTERS_ARN: z.string(),
  }),
  process.env,
);
const store = createStore(settings);
const notifyRequester = createRequesterNotices(store, settings);
const ends = {
  now: store.now,
  client: createSchedulerClient(),
  groupName: settings.SCHEDULE_GROUP_NAME,
  endMachineArn: settings.END_MACHINE_FUNCTION_ARN,
  roleArn: settings.SCHEDULE_ROLE_ARN,
  deadLettersArn: settings.DEAD_LETTERS_ARN,
};

/** The end came before the approval. */
export class EndPassedError extends Error {
  override readonly name = 'EndPassedError';
}

/**
 * Schedules the end of a machine before it is launched, or moves it for an approved extension.
 *
 * The record is changed first: a schedule that fires at the old time in between finds the new end, and schedules itself again.
 */
export const handler = translateBusyErrors(async (event, context): Promise<void> => {
  logger.addContext(context);
  const { requestId, round } = parseInput(stepSchema, event);
  const { record } = await changeRequest(store, requestId, (before) => (round > 1 ? moveEnd(before) : undefined));
  if (isFinal(record) || record.status === 'ending') return;
  if (round === 1 && Date.parse(record.endsAt) <= store.now().getTime())
    throw new EndPassedError(`${requestId} was approved after its end`);
  await scheduleEnd(ends, requestId, record.endsAt);
  logger.info('end scheduled', { requestId, round });
  if (round > 1) await notifyRequester(record, 'extended');
});
