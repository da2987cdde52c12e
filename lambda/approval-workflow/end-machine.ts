import { createEC2Client } from '../shared/ec2-client';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { translateBusyErrors } from '../shared/service-busy';
import { changeRequest } from './adapters/dynamodb-requests';
import { findAlive, terminate } from './adapters/ec2-machines';
import { cancelEnd, createSchedulerClient, scheduleEnd } from './adapters/scheduler-ends';
import { createRequesterNotices, createStore, requesterVariables, storeVariables } from './dependencies';
import { isFinal, type RequestRecord } from './request-record';
import { requestIdSchema } from './step-input';
import { beginEnd, dropExtension, finish } from './transitions';

const settings = readEnvironment(
  z.extend(storeVariables, {
    ...requesterVariables.shape,
    SCHEDULE_GROUP_NAME: z.string(),
    SCHEDULE_ROLE_ARN: z.string(),
    DEAD_LETTERS_ARN: z.string(),
  }),
  process.env,
);
const store = createStore(settings);
const notifyRequester = createRequesterNotices(store, settings);
const ec2 = createEC2Client({ requestTimeout: 10_000 });
const schedules = { client: createSchedulerClient(), groupName: settings.SCHEDULE_GROUP_NAME };

const inputSchema = z.object({
  requestId: requestIdSchema,
  /** `due` comes from the schedule, the rest from the state machine or an operator. */
  because: z.enum(['due', 'rejected', 'refused', 'expired', 'failed', 'cancelled']),
  reason: z.optional(z.string().check(z.regex(/^[\w .-]{1,128}$/))),
  /** Round that failed to be approved; a later one than the first leaves the machine alone. */
  round: z.optional(z.int().check(z.positive())),
});

/** Age at which EC2 surely knows an instance. */
const newMilliseconds = 600_000;

export interface EndResult {
  readonly outcome: 'ended' | 'not-due' | 'approved' | 'kept';
}

/** Ends a request: its machine is terminated if there is one, its limits are given back, its requester is notified. */
export const handler = translateBusyErrors(async (event, context): Promise<EndResult> => {
  logger.addContext(context);
  const { requestId, because, reason = because, round = 1 } = parseInput(inputSchema, event);
  const status = because === 'due' ? 'ended' : because;
  if (status !== 'ended' && status !== 'cancelled' && round > 1) return endExtension(requestId, status);
  const now = store.now();
  let outcome = 'ended' as EndResult['outcome'];
  const { record } = await changeRequest(store, requestId, (before) => {
    outcome = before.approval === 'approved' && because === 'expired' ? 'approved' : 'ended';
    if (because === 'due' && !isFinal(before) && Date.parse(before.endsAt) > now.getTime()) outcome = 'not-due';
    return outcome === 'ended' ? beginEnd(before, because === 'due' ? 'schedule' : 'workflow', because) : undefined;
  });
  if (outcome === 'not-due') {
    const { SCHEDULE_ROLE_ARN: roleArn, DEAD_LETTERS_ARN: deadLettersArn } = settings;
    const ends = { ...schedules, endMachineArn: context.invokedFunctionArn, roleArn, deadLettersArn, now: store.now };
    await scheduleEnd(ends, requestId, record.endsAt);
  }
  if (outcome !== 'ended') return { outcome };
  await terminateAll(record);
  await cancelEnd(schedules, requestId);
  const { record: ended } = await changeRequest(store, requestId, (before) => finish(before, status, reason));
  logger.info('request ended', { requestId, status: ended.status, instanceId: ended.instanceId });
  await notifyRequester(ended, ended.status);
  return { outcome };
});

async function endExtension(
  requestId: string,
  because: 'rejected' | 'refused' | 'expired' | 'failed',
): Promise<EndResult> {
  let approved = false as boolean;
  const { record } = await changeRequest(store, requestId, (before) => {
    approved = because === 'expired' && before.approval === 'approved';
    return approved ? undefined : dropExtension(before, because);
  });
  if (approved) return { outcome: 'approved' };
  await notifyRequester(record, `extension-${because}`);
  return { outcome: 'kept' };
}

/** Terminates the machine, also one that was launched and not recorded because the function ended in between. */
async function terminateAll({ requestId, instanceId, launchedAt = '', attempt }: RequestRecord): Promise<void> {
  if (instanceId !== undefined) {
    return terminate(ec2, instanceId, store.now().getTime() - Date.parse(launchedAt) < newMilliseconds);
  }
  if (attempt === undefined) return;
  for (const one of await findAlive(ec2, requestId)) await terminate(ec2, one, false);
}
