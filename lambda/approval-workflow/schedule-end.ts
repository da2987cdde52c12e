import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createSsmClient } from '../shared/ssm-client';
import { translateBusyErrors } from '../shared/service-busy';
import { changeRequest } from './adapters/dynamodb-requests';
import { createSchedulerClient, scheduleEnd } from './adapters/scheduler-ends';
import { readParameter } from './adapters/ssm-parameters';
import { createNotices, createStore, noticeVariables, storeVariables, tellRequester } from './dependencies';
import { outcomeMail } from './mail';
import { parsePolicy } from './policy';
import { isFinal } from './request-record';
import { parseInput, stepSchema } from './step-input';
import { moveEnd } from './transitions';

const settings = readEnvironment(
  z.extend(storeVariables, {
    ...noticeVariables.shape,
    POLICY_PARAMETER_NAME: z.string(),
    SCHEDULE_GROUP_NAME: z.string(),
    SCHEDULE_ROLE_ARN: z.string(),
    END_MACHINE_FUNCTION_ARN: z.string(),
    DEAD_LETTERS_ARN: z.string(),
  }),
  process.env,
);
const store = createStore(settings);
const notices = createNotices(settings);
const ssm = createSsmClient();
const ends = {
  client: createSchedulerClient(),
  groupName: settings.SCHEDULE_GROUP_NAME,
  endMachineArn: settings.END_MACHINE_FUNCTION_ARN,
  roleArn: settings.SCHEDULE_ROLE_ARN,
  deadLettersArn: settings.DEAD_LETTERS_ARN,
};

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
  await scheduleEnd(ends, requestId, record.endsAt);
  logger.info('end scheduled', { requestId, round });
  if (round === 1) return;
  const policy = parsePolicy(await readParameter(ssm, settings.POLICY_PARAMETER_NAME));
  const mail = outcomeMail(record, 'extended');
  await tellRequester(store, notices, policy, record, { ...mail, subject: `${mail.subject} (${round - 1})` });
});
