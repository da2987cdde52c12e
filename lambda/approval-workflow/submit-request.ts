import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { createLambdaClient } from '../shared/lambda-client';
import { logger } from '../shared/observability';
import { createSsmClient } from '../shared/ssm-client';
import { createStatesClient } from '../shared/states-client';
import { changeRequest, createRequest, findRequest } from './adapters/dynamodb-requests';
import { invokeEnd } from './adapters/lambda-ends';
import { readParameter } from './adapters/systems-manager';
import { startRound } from './adapters/states-workflow';
import { estimateCents, monthlyCents } from './cost';
import { createStore, pricesVariable, storeVariables } from './dependencies';
import { contentOf, InvalidRequestError, parseExtension, parseForm, requestIdOf, toInstant, type Offer } from './form';
import { parseCall, reply, type Call, type Reply } from './call';
import { parsePolicy, personOf } from './policy';
import { isFinal, type RequestRecord } from './request-record';
import { requestIdSchema } from './step-input';
import { extend } from './transitions';

const settings = readEnvironment(
  z.extend(storeVariables, {
    POLICY_PARAMETER_NAME: z.string(),
    PRICES: pricesVariable,
    START_SCRIPT_NAMES: z.string(),
    MAXIMUM_DAYS: wholeNumber,
    STATE_MACHINE_ARN: z.string(),
    END_MACHINE_FUNCTION_NAME: z.string(),
  }),
  process.env,
);
const store = createStore(settings);
const ssm = createSsmClient();
const endMachine = { client: createLambdaClient(), functionName: settings.END_MACHINE_FUNCTION_NAME };
const workflow = { client: createStatesClient(), stateMachineArn: settings.STATE_MACHINE_ARN };
const { PRICES: prices } = settings;
const offer: Offer = {
  sizes: Object.keys(prices.sizes),
  startScripts: settings.START_SCRIPT_NAMES.split(','),
  maximumDays: settings.MAXIMUM_DAYS,
};

/**
 * Takes requests, extensions and early returns of people who sign their calls. Who asks is the signature's principal, never
 * part of the payload.
 */
export const handler = async (event: unknown, context: Context): Promise<Reply> => {
  logger.addContext(context);
  const call = parseCall(event);
  const policy = parsePolicy(await readParameter(ssm, settings.POLICY_PARAMETER_NAME));
  const person = personOf(policy, call.principal);
  if (person === undefined) return reply(403, { error: 'you are not in the policy: ask its owner to add you' });
  try {
    return await answer(call, person);
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return reply(400, { error: 'invalid request', issues: error.issues });
  }
};

async function answer(call: Call, person: string): Promise<Reply> {
  const [collection, requestId, action, ...rest] = call.path.split('/').filter(Boolean);
  const route = `${call.method} ${action ?? (requestId === undefined ? 'requests' : 'request')}`;
  if (collection !== 'requests' || rest.length > 0) return notFound();
  if (requestId === undefined) return route === 'POST requests' ? submit(call, person) : notFound();
  if (!requestIdSchema.safeParse(requestId).success) return notFound();
  const record = await findRequest(store, requestId);
  // Others learn nothing, not even that there is such a request.
  if (record?.person !== person) return notFound();
  if (route === 'GET request') return reply(200, view(record));
  if (route === 'POST extension') return extendEnd(call, record);
  if (route === 'POST return') return endEarly(call, record);
  return notFound();
}

const notFound = (): Reply => reply(404, { error: 'no such request' });

async function submit(call: Call, person: string): Promise<Reply> {
  const now = store.now();
  const form = parseForm(call.body(), offer, now);
  const { principal } = call;
  const size = prices.sizes[form.size];
  if (size === undefined) return notFound();
  const requestId = requestIdOf(principal, form.token);
  const content = contentOf(form);
  const existing = await createRequest(
    store,
    {
      requestId,
      revision: 1,
      status: 'submitted',
      changedAt: now.toISOString(),
      principal,
      person,
      team: form.team,
      purpose: form.purpose,
      size: form.size,
      startScript: form.startScript,
      endsAt: form.endsAt,
      submittedAt: toInstant(now),
      content,
      instanceType: size.instanceType,
      monthlyCents: monthlyCents(prices, size),
      estimateCents: estimateCents(prices, size, now, new Date(form.endsAt)),
      round: 1,
    },
    { what: 'submitted', who: person, from: call.sourceIp },
  );
  if (existing !== undefined && existing.content !== content) {
    return reply(409, { error: 'the token belongs to a request with other content: use a new token' });
  }
  const record = existing ?? (await findRequest(store, requestId));
  if (record === undefined) return notFound();
  // Also for a repeated request: the first call may have ended before this.
  if (record.round === 1 && !isFinal(record)) await startRound(workflow, requestId, 1);
  logger.info('request received', { requestId, repeated: existing !== undefined });
  return reply(existing === undefined ? 201 : 200, view(record));
}

async function extendEnd(call: Call, found: RequestRecord): Promise<Reply> {
  const { requestId } = found;
  const wanted = parseExtension(call.body(), offer, store.now(), found.endsAt);
  let outcome = 'not-running' as ReturnType<typeof extend>['answer'];
  const { record } = await changeRequest(store, requestId, (before) => {
    const { answer: decided, change } = extend(before, wanted, prices, call.sourceIp);
    outcome = decided;
    return change;
  });
  if (outcome === 'not-running') return reply(409, { error: 'only a running machine can be extended' });
  if (outcome === 'not-later')
    return reply(409, { error: `the end has been moved to ${record.endsAt}: ask for a later one` });
  if (outcome === 'other-open') return reply(409, { error: 'another extension waits for its approval' });
  await startRound(workflow, requestId, record.round);
  return reply(202, view(record));
}

/** Ends the machine early, as its schedule would: the end is now. */
async function endEarly(call: Call, found: RequestRecord): Promise<Reply> {
  const { requestId } = found;
  const now = toInstant(store.now());
  const { record } = await changeRequest(store, requestId, ({ status, endsAt, person }) =>
    status === 'running' && endsAt > now
      ? {
          // An extension that is approved in this moment no longer counts.
          set: { endsAt: now, wantedEnd: undefined },
          entry: { what: 'returned', who: person, from: call.sourceIp },
        }
      : undefined,
  );
  if (record.status !== 'running') return reply(409, { error: `the machine is not running: ${record.status}` });
  await invokeEnd(endMachine, requestId);
  return reply(202, view(record));
}

/** Fields of a request that its requester sees. */
function view(record: RequestRecord): object {
  const { requestId, status, reason, team, size, endsAt, wantedEnd, estimateCents: cents, instanceId } = record;
  return { requestId, status, reason, team, size, endsAt, wantedEnd, estimatedDollars: cents / 100, instanceId };
}
