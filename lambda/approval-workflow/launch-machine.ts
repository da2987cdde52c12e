import { createEC2Client } from '../shared/ec2-client';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { createSsmClient } from '../shared/ssm-client';
import { translateBusyErrors } from '../shared/service-busy';
import { changeRequest, getRequest } from './adapters/dynamodb-requests';
import { findAlive, launch, NoCapacityError, stateOf, terminate } from './adapters/ec2-machines';
import { isAgentOnline, readParameter } from './adapters/systems-manager';
import {
  createRequesterNotices,
  createStore,
  pricesVariable,
  requesterVariables,
  storeVariables,
} from './dependencies';
import { toInstant } from './form';
import { clientToken, startScriptOf, tagsOf } from './machine';
import type { Change, RequestRecord } from './request-record';
import { stepSchema } from './step-input';

const settings = readEnvironment(
  z.extend(storeVariables, {
    ...requesterVariables.shape,
    START_SCRIPTS_PARAMETER_NAME: z.string(),
    AMI_PARAMETER_NAME: z.string(),
    PRICES: pricesVariable,
    SUBNET_IDS: z.string(),
    SECURITY_GROUP_ID: z.string(),
    INSTANCE_PROFILE_ARN: z.string(),
    MANAGED_BY: z.string(),
    WAIT_FOR_AGENT: z.optional(z.literal('true')),
  }),
  process.env,
);
const store = createStore(settings);
const notifyRequester = createRequesterNotices(store, settings);
const ssm = createSsmClient();
// RunInstances takes seconds; the SDK's own retries repeat the same client token.
const ec2 = createEC2Client({ requestTimeout: 10_000 });
const subnetIds = settings.SUBNET_IDS.split(',');

export interface LaunchResult {
  readonly state: 'pending' | 'running' | 'over';
}

/** The machine went away before it ran. */
export class MachineLostError extends Error {
  override readonly name = 'MachineLostError';
}

/**
 * Launches the machine of an approved request once, and says whether it runs. The state machine calls it until it does.
 *
 * The image and the subnet are recorded before the call: whatever ends this function, the next attempt is the same call.
 */
export const handler = translateBusyErrors(async (event, context): Promise<LaunchResult> => {
  logger.addContext(context);
  const { requestId } = parseInput(stepSchema, event);
  const record = await getRequest(store, requestId);
  if (record.status === 'running') return tell(record);
  if (record.status !== 'approved') return endLaunch(record);
  const instanceId = record.instanceId ?? (await launchOnce(requestId));
  if (instanceId === undefined) return { state: 'over' };
  const state = await stateOf(ec2, instanceId);
  logger.info('machine looked at', { requestId, instanceId, state });
  if (state === 'gone') throw new MachineLostError(`${instanceId} ended before it was running`);
  if (state === 'pending') return { state };
  if (settings.WAIT_FOR_AGENT === 'true' && !(await isAgentOnline(ssm, instanceId))) return { state: 'pending' };
  const { record: after } = await changeWhileApproved(requestId, {
    set: { status: 'running' },
    entry: { what: 'running', who: 'workflow', detail: instanceId },
  });
  return after.status === 'running' ? tell(after) : { state: 'over' };
});

const changeWhileApproved = (requestId: string, change: Change) =>
  changeRequest(store, requestId, ({ status }) => (status === 'approved' ? change : undefined));

/** @returns the instance, or undefined if the request has ended meanwhile: then there is none */
async function launchOnce(requestId: string): Promise<string | undefined> {
  const scripts = await readParameter(ssm, settings.START_SCRIPTS_PARAMETER_NAME);
  for (;;) {
    const { record } = await prepare(requestId);
    const { amiId, attempt = 0, subnetId, status } = record;
    if (status !== 'approved' || amiId === undefined) return undefined;
    if (subnetId === undefined) throw new NoCapacityError(`no subnet of ${subnetIds.length} has capacity`);
    try {
      const instanceId = await launch(ec2, {
        clientToken: clientToken(requestId, attempt),
        amiId,
        instanceType: record.instanceType,
        subnetId,
        securityGroupId: settings.SECURITY_GROUP_ID,
        instanceProfileArn: settings.INSTANCE_PROFILE_ARN,
        diskGigabytes: settings.PRICES.sizes[record.size]?.diskGigabytes ?? 8,
        startScript: startScriptOf(scripts, record.startScript),
        tags: tagsOf(record, settings.MANAGED_BY),
      });
      return await keep(requestId, instanceId);
    } catch (error) {
      if (!(error instanceof NoCapacityError)) throw error;
      const entry = { what: 'no capacity', who: 'workflow', detail: `${subnetId}: ${error.message}` };
      await changeRequest(store, requestId, (before) =>
        before.attempt === attempt && before.status === 'approved'
          ? { set: { attempt: attempt + 1, subnetId: subnetIds[attempt + 1] }, entry }
          : undefined,
      );
    }
  }
}

/** Records the image and the first subnet, once. */
async function prepare(requestId: string): Promise<{ readonly record: RequestRecord }> {
  const found = await getRequest(store, requestId);
  if (found.amiId !== undefined || found.status !== 'approved') return { record: found };
  const amiId = await readParameter(ssm, settings.AMI_PARAMETER_NAME);
  return changeRequest(store, requestId, (before) =>
    before.amiId === undefined && before.status === 'approved'
      ? {
          set: { amiId, attempt: 0, subnetId: subnetIds[0] },
          entry: { what: 'launching', who: 'workflow', detail: amiId },
        }
      : undefined,
  );
}

async function keep(requestId: string, instanceId: string): Promise<string | undefined> {
  const { record } = await changeRequest(store, requestId, (before) =>
    before.status === 'approved' && before.instanceId === undefined
      ? {
          set: { instanceId, launchedAt: toInstant(store.now()) },
          entry: { what: 'launched', who: 'workflow', detail: instanceId },
        }
      : undefined,
  );
  if (record.instanceId === instanceId) return instanceId;
  // The request ended while its machine was launched.
  await terminate(ec2, instanceId, true);
  return undefined;
}

/** Terminates a machine that an earlier attempt launched and could not record, since its request had ended. */
async function endLaunch({ requestId, attempt }: RequestRecord): Promise<LaunchResult> {
  const strays = attempt === undefined ? [] : await findAlive(ec2, requestId);
  for (const instanceId of strays) await terminate(ec2, instanceId, true);
  return { state: 'over' };
}

async function tell(record: RequestRecord): Promise<LaunchResult> {
  await notifyRequester(record, 'running');
  return { state: 'running' };
}
