import type { Check, ScenarioRun } from '../shared/scenario';
import { openClient, succeeded } from './deployment';

const origin = 'https://app.example.com';
const foreign = 'https://evil.example.com';

/** Setting of the variant that this proof is for. */
export const corsOrigins = [origin];

export const browsersProof: Check = {
  name: 'browsers',
  title: 'pages of a configured origin may ask, read answers and refusals, and upload; pages of others may not',
  async run(run) {
    const client = await openClient(run, 'ada');
    await run.step('ask before requests', () => preflights(run));
    const headersFrom = async (from: string): Promise<Headers> =>
      (await client.send('GET', 'documents', { headers: { origin: from } })).headers;
    const own = await headersFrom(origin);
    run.assertEqual(own.get('access-control-allow-origin'), origin, 'origin that may read an answer');
    run.assert(/ETag.*Location.*Retry-After/.test(own.get('access-control-expose-headers') ?? ''), 'headers to read');
    run.assertEqual((await headersFrom(foreign)).get('access-control-allow-origin'), null, 'other origin that may');
    const refused = await client.send('GET', 'documents/x', { headers: { origin } });
    run.assertEqual(refused.status, 404, 'status of a refusal');
    run.assertEqual(refused.headers.get('access-control-allow-origin'), origin, 'origin that may read it');
    const byGateway = await client.send('GET', 'documents', { headers: { origin, authorization: 'Bearer x' } });
    run.assertEqual(byGateway.status, 401, "status of the gateway's own refusal");
    run.assertEqual(byGateway.headers.get('access-control-allow-origin'), origin, 'origin that may read that');

    const { upload } = succeeded(
      await client.create({ title: 'Report', contentType: 'text/plain', bytes: 5 }),
      201,
    ).body;
    const statusFrom = (from: string): Promise<number> =>
      ask(upload?.url ?? '', from, 'PUT', 'content-type,if-none-match').then(({ status }) => status);
    run.assertEqual(await statusFrom(origin), 200, 'status of the question before an upload');
    run.assertEqual(await statusFrom(foreign), 403, 'the same from another origin');
  },
};

/** Question of a browser before a request, which has neither token nor API key. */
function ask(url: string, from: string, method: string, headers: string): Promise<Response> {
  return fetch(url, {
    method: 'OPTIONS',
    headers: { origin: from, 'access-control-request-method': method, 'access-control-request-headers': headers },
  });
}

async function preflights(run: ScenarioRun): Promise<void> {
  const url = `${run.output('ApiUrl')}documents`;
  const own = await ask(url, origin, 'POST', 'authorization,content-type,idempotency-key,x-api-key');
  run.assertEqual(own.status, 204, 'status of the answer');
  run.assertEqual(own.headers.get('access-control-allow-origin'), origin, 'origin that may send requests');
  run.assert(own.headers.get('access-control-allow-methods')?.includes('POST') === true, 'methods that it may send');
  const allowed = own.headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
  run.assert(/authorization.*idempotency-key.*if-match.*x-api-key/.test(allowed), 'headers that it may send', allowed);
  const other = await ask(url, foreign, 'POST', 'authorization');
  run.assertEqual(other.headers.get('access-control-allow-origin'), null, 'other origin that may');
}
