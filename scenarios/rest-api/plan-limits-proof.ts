import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanCommand,
  UpdateUsagePlanCommand,
  type CreateUsagePlanCommandInput,
} from '@aws-sdk/client-api-gateway';
import { problemSchema } from '../../lambda/rest-api/schemas';
import type { Check, ScenarioRun } from '../shared/scenario';
import type { DocumentsClient, Reply } from './client';
import { clientOf } from './deployment';
import { addUser } from './users';

const gateway = new APIGatewayClient({});
const atOnce = 20;

export const planLimitsProof: Check = {
  name: 'plan-limits',
  title:
    'requests over the rate or the quota of an API key get 429 as the description has it, and a valid key gets answers',
  async run(run) {
    const token = (await addUser(run, 'ada')).access;
    const slow = clientOf(run, await addKey(run, 'slow', { throttle: { rateLimit: 1, burstLimit: 2 } }), token);
    const few = clientOf(run, await addKey(run, 'few', { quota: { limit: 3, period: 'DAY' } }), token);
    await run.step('more than the rate', () => refused(run, slow, 'send fewer requests a second', '1'));
    await run.step('more than the quota', () => refused(run, few, 'the quota of the API key is used up', '3600'));
  },
};

/** Sends requests until the plan refuses some: it does so at once here, and on a best-effort basis on AWS. */
async function refused(run: ScenarioRun, client: DocumentsClient, detail: string, retryAfter: string): Promise<void> {
  let answered = 0;
  const reply = await run.eventually('a request over the limit to be refused', async () => {
    const replies = await Promise.all(Array.from({ length: atOnce }, () => client.list()));
    answered += replies.filter(({ status }) => status === 200).length;
    // A new key is not known at once: the gateway answers 403 until then.
    const unexpected = replies.find(({ status }) => ![200, 403, 429].includes(status));
    if (unexpected !== undefined) run.assertEqual(unexpected.status, 429, 'status of a request over the limit');
    return answered > 0 ? replies.find(isRefusal) : undefined;
  });
  const { headers, body } = reply;
  run.assert(answered > 0, 'requests below it are answered', String(answered));
  run.assertEqual(headers.get('content-type'), 'application/problem+json', 'content type');
  run.assertEqual(headers.get('retry-after'), retryAfter, 'Retry-After');
  const { detail: received, status, title } = problemSchema.parse(body);
  run.assertEqual(
    { received, status, title },
    { received: detail, status: 429, title: 'Too Many Requests' },
    'problem',
  );
}

const isRefusal = <Body>(reply: Reply<Body>): boolean => reply.status === 429;

/** Adds a key with a plan of its own until the end of the check; returns its value. */
async function addKey(
  run: ScenarioRun,
  name: string,
  limits: Pick<CreateUsagePlanCommandInput, 'throttle' | 'quota'>,
): Promise<string> {
  const { apiId, stage } = stageOf(run.output('ApiUrl'));
  const named = `${run.runId}-${name}`;
  const plan = { ...limits, name: named, apiStages: [{ apiId, stage }] };
  const { id: usagePlanId } = await gateway.send(new CreateUsagePlanCommand(plan));
  run.cleanUp(`plan ${name}`, async () => {
    // A plan with stages cannot be deleted.
    const patchOperations = [{ op: 'remove' as const, path: '/apiStages', value: `${apiId}:${stage}` }];
    await gateway.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
    await gateway.send(new DeleteUsagePlanCommand({ usagePlanId }));
  });
  const { id: keyId, value = '' } = await gateway.send(new CreateApiKeyCommand({ name: named, enabled: true }));
  run.cleanUp(`API key ${name}`, async () => {
    await gateway.send(new DeleteApiKeyCommand({ apiKey: keyId }));
  });
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  return value;
}

/** API and stage of `https://<api>.execute-api.<region>.<suffix>/<stage>/`, or of the path that an emulator serves it under. */
function stageOf(url: string): { apiId: string; stage: string } {
  const { hostname, pathname } = new URL(url);
  const parts = pathname.split('/').filter((part) => part !== '');
  const stage = parts.at(-1) ?? '';
  return { apiId: hostname.includes('.execute-api.') ? (hostname.split('.')[0] ?? '') : (parts.at(-2) ?? ''), stage };
}
