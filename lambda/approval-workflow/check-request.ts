import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { createSsmClient } from '../shared/ssm-client';
import { translateBusyErrors } from '../shared/service-busy';
import { changeRequest, LimitExceededError } from './adapters/dynamodb-requests';
import { readParameter } from './adapters/systems-manager';
import { createStore, storeVariables } from './dependencies';
import { parsePolicy } from './policy';
import type { RequestRecord } from './request-record';
import { stepSchema } from './step-input';
import { accept, evaluate } from './transitions';

const settings = readEnvironment(z.extend(storeVariables, { POLICY_PARAMETER_NAME: z.string() }), process.env);
const store = createStore(settings);
const ssm = createSsmClient();

export interface CheckResult {
  readonly outcome: 'ask' | 'approved' | 'rejected';
  readonly reason: string;
}

/** Decides by the policy what a request needs, and counts it in the limits of its team and person. */
export const handler = translateBusyErrors(async (event, context): Promise<CheckResult> => {
  logger.addContext(context);
  const { requestId } = parseInput(stepSchema, event);
  const policy = parsePolicy(await readParameter(ssm, settings.POLICY_PARAMETER_NAME));
  try {
    let reason = 'none';
    const { record } = await changeRequest(store, requestId, (before) => {
      const verdict = evaluate(policy, before);
      reason = verdict.outcome === 'rejected' ? verdict.reason : 'none';
      return accept(before, verdict, policy);
    });
    const result = resultOf(record, reason);
    logger.info('request checked', { requestId, ...result });
    return result;
  } catch (error) {
    if (!(error instanceof LimitExceededError)) throw error;
    const reason = `limit-of-${error.owner.split('#')[0]}`;
    logger.info('request checked', { requestId, outcome: 'rejected', reason });
    return { outcome: 'rejected', reason };
  }
});

/** A repeated step finds its round open or approved, and answers as the first. */
function resultOf({ approval }: RequestRecord, reason: string): CheckResult {
  if (approval === 'approved') return { outcome: 'approved', reason: 'none' };
  return approval === undefined ? { outcome: 'rejected', reason } : { outcome: 'ask', reason: 'none' };
}
