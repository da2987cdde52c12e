import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { routes } from '../../../lib/rest-api/openapi';
import { DocumentsClient } from '../../../scenarios/rest-api/client';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const received: Received[] = [];
let answer: { status: number; body: string; headers?: Record<string, string> } = { status: 200, body: '{}' };
/** Answers before that one. */
const earlier: (typeof answer)[] = [];
let server: Server;
let client: DocumentsClient;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      received.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
      const { status, body, headers: more } = earlier.shift() ?? answer;
      response.writeHead(status, { etag: '"1"', ...more }).end(body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
  client = new DocumentsClient({ apiUrl, apiKey: 'key', accessToken: 'token' });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received.length = 0;
  earlier.length = 0;
  answer = { status: 200, body: '{}' };
});

it('the client has a call for each route of the description, with the headers that it requires', async () => {
  await client.list({ limit: '5' });
  await client.create({ title: 'a', contentType: 'text/plain', bytes: 1 }, { 'idempotency-key': 'k' });
  await client.get('1');
  await client.patch('1', { title: 'b' }, '"1"');
  await client.remove('1');
  expect(received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v1/documents?limit=5',
    'POST /v1/documents',
    'GET /v1/documents/1',
    'PATCH /v1/documents/1',
    'DELETE /v1/documents/1',
  ]);
  for (const { method, path, headers, body } of received) {
    expect(headers).toMatchObject({ authorization: 'Bearer token', 'x-api-key': 'key' });
    const resource = path.replace(/^\/v1|\?.*$/g, '').replace(/\/1$/, '/{id}');
    const { requestBody, parameters = [] } = routes.find((one) => one.method === method && one.path === resource)!;
    const [type] = Object.keys((requestBody as { content?: object } | undefined)?.content ?? {});
    expect([headers['content-type'], body !== '']).toEqual([type, type !== undefined]);
    const required = parameters.filter((one) => one['in'] === 'header' && one['required'] === true);
    for (const { name } of required) expect(headers).toHaveProperty(String(name).toLowerCase());
  }
});

it('the client tells an answer from a problem, and reads neither from an empty body', async () => {
  expect(await client.get('1')).toMatchObject({ ok: true, status: 200, body: {} });
  answer = { status: 404, body: '{"status":404}' };
  expect(await client.get('1')).toMatchObject({ ok: false, status: 404, body: { status: 404 } });
  answer = { status: 204, body: '' };
  const removed = await client.remove('1');
  expect([removed.ok, removed.body]).toEqual([true, undefined]);
  expect(removed.headers.get('etag')).toBe('"1"');
});

it('a creation is sent again with its key where the API is busy', async () => {
  earlier.push({ status: 503, body: '{}', headers: { 'retry-after': '1' } });
  expect((await client.create({ title: 'a', contentType: 'text/plain', bytes: 1 })).status).toBe(200);
  const [first, second] = received.map(({ headers }) => headers['idempotency-key']);
  expect(received).toHaveLength(2);
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).toBe(first);
});

it.each([
  ['a change', '1', () => client.patch('1', { title: 'b' }, '"1"')],
  ['a request while writes are paused', '60', () => client.remove('1')],
])('%s is sent once', async (_, seconds, send) => {
  earlier.push({ status: 503, body: '{}', headers: { 'retry-after': seconds } });
  expect((await send()).status).toBe(503);
  expect(received).toHaveLength(1);
});
