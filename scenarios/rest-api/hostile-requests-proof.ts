import type { Check, ScenarioRun } from '../shared/scenario';
import type { DocumentsClient } from './client';
import { everyDocument, openClient, succeeded } from './deployment';

const json = { 'content-type': 'application/json' };
const valid = { title: 'Report', contentType: 'text/plain', bytes: 5 };
const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;

interface Hostile {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly statuses: readonly number[];
}

/** Bodies of POST that are refused with 400. */
const bodies: Readonly<Record<string, string>> = {
  nothing: '',
  'no JSON': '{"title"',
  'JSON 10,000 levels deep': deep,
  'a deep title': `{"title":${deep},"contentType":"text/plain","bytes":5}`,
  'a key twice': '{"title":"a","title":"b","contentType":"text/plain","bytes":5}',
  __proto__: '{"__proto__":{"bytes":5},"title":"a","contentType":"text/plain"}',
  constructor: '{"constructor":{"prototype":{}},"title":"a","contentType":"text/plain","bytes":5}',
  NUL: '{"title":"a\\u0000b","contentType":"text/plain","bytes":5}',
  'a lone surrogate': '{"title":"a\\ud800","contentType":"text/plain","bytes":5}',
  'a huge number': '{"title":"a","contentType":"text/plain","bytes":1e400}',
  'a negative size': '{"title":"a","contentType":"text/plain","bytes":-1}',
  'a fraction': '{"title":"a","contentType":"text/plain","bytes":1.5}',
  'a header in the type': '{"title":"a","contentType":"text/plain\\r\\nx: y","bytes":5}',
  'an expression': '{"title":"a","contentType":"text/plain","bytes":5,"$set":{"owner":"x"}}',
  'an array': '[]',
  'a text': '"documents"',
};

/** 400 in place of 415: an emulator's gateway validates bodies of other content types by the model for JSON. */
const hostile: readonly Hostile[] = [
  ...Object.entries(bodies).map(([name, body]) => ({ name: `body: ${name}`, body, statuses: [400] })),
  { name: 'body of 6 MB', body: JSON.stringify({ ...valid, title: 'x'.repeat(6_000_000) }), statuses: [400, 413] },
  {
    name: 'form',
    body: 'title=a',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    statuses: [400, 415],
  },
  { name: 'XML', body: '<a/>', headers: { 'content-type': 'application/xml' }, statuses: [400, 415] },
  ...['..%2f..%2fetc%2fpasswd', '%2e%2e%2fdocuments', '%00', "1' OR '1'='1", '%F0%9F%92%A9', 'x'.repeat(2_000)].map(
    (id) => ({
      name: `id ${id.slice(0, 20)}`,
      method: 'GET',
      path: `documents/${id}`,
      statuses: [400, 403, 404],
    }),
  ),
  ...['limit=0', 'limit=1e9', 'limit=5&limit=6', 'limit[]=5', 'cursor=x', 'cursor=..%2f', 'tag=%00', '__proto__=x'].map(
    (query) => ({ name: `query ${query}`, method: 'GET', path: `documents?${query}`, statuses: [200, 400] }),
  ),
  ...['x', '"', 'W/"1"', '*, *', '"1"'.repeat(500)].map((tag) => ({
    name: `If-Match ${tag.slice(0, 10)}`,
    method: 'PATCH',
    path: 'documents/01890000-0000-7000-8000-000000000000',
    body: '{}',
    headers: { 'content-type': 'application/merge-patch+json', 'if-match': tag },
    statuses: [400, 404],
  })),
  {
    name: 'flood of headers',
    method: 'GET',
    headers: Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`x-flood-${n}`, 'y'.repeat(90)])),
    statuses: [200, 400, 413, 431],
  },
];

export const hostileRequestsProof: Check = {
  name: 'hostile-requests',
  title: 'hostile bodies, ids, queries and headers are refused as documented, never with 5xx, and change nothing',
  async run(run) {
    const client = await openClient(run, 'mallory');
    const { id } = succeeded(await client.create(valid), 201).body;
    for (const request of hostile) await refuse(run, client, request);
    const left = await everyDocument(client);
    run.assertEqual(left.map((one) => one.id).join(), id, 'documents after all of it');
    run.metric('hostile requests', hostile.length);
  },
};

async function refuse(run: ScenarioRun, client: DocumentsClient, request: Hostile): Promise<void> {
  const { name, method = 'POST', path = 'documents', body, headers = json, statuses } = request;
  const { status, body: answer } = await client.send(method, path, {
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const text = JSON.stringify(answer);
  run.assert(statuses.includes(status), `${name}: one of ${statuses.join(', ')}`, `${status} ${text.slice(0, 200)}`);
  const isProblem = status === 200 || (text.includes('"requestId"') && text.includes('"about:blank"'));
  run.assert(isProblem, `${name}: the answer is a problem`, text.slice(0, 200));
}
