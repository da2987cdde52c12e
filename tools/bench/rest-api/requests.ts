import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { itemOf } from '../../../lambda/rest-api/adapters/document-item';
import { createDocument } from '../../../lambda/rest-api/document';

const record = createDocument(
  'ada',
  { title: 'Report', contentType: 'text/plain', bytes: 5 },
  { now: new Date(), randomBytes: new Uint8Array(16) },
  24,
);

/** Time after which the database answers, in milliseconds. */
export const answerMilliseconds = 5;

const body = JSON.stringify({ title: 'Report', contentType: 'text/plain', bytes: 5, tags: ['reports'] });

/** Requests that the clients send in turn: two reads, a page of twenty, a creation and a change. */
export const events = [
  eventOf('GET', '/documents/{id}'),
  eventOf('GET', '/documents'),
  eventOf('POST', '/documents', { 'content-type': 'application/json' }, body),
  eventOf('GET', '/documents/{id}'),
  eventOf('PATCH', '/documents/{id}', { 'content-type': 'application/merge-patch+json', 'if-match': '"1"' }, '{}'),
] as const;

/** Answers every call of the functions as if the document were there: DynamoDB, Secrets Manager and Parameter Store. */
export async function openServices(): Promise<{ readonly server: Server; readonly url: string }> {
  const Item = itemOf(record);
  const answer = JSON.stringify({
    ...{ Item, Attributes: Item, Items: Array(20).fill(Item) },
    ...{ SecretString: 'the key of cursors', Parameter: { Value: 'accepted' } },
  });
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => setTimeout(() => response.end(answer), answerMilliseconds));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Request as API Gateway sends it. */
function eventOf(httpMethod: string, resource: string, more: Record<string, string> = {}, text: string | null = null) {
  const headers: Record<string, string> = { Host: 'api', Accept: '*/*', ...more };
  const path = resource.replace('{id}', record.id);
  return {
    ...{ resource, path, httpMethod, headers },
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    ...{ queryStringParameters: null, multiValueQueryStringParameters: null, stageVariables: null },
    pathParameters: path === resource ? null : { id: record.id },
    ...{ body: text, isBase64Encoded: false },
    requestContext: {
      ...{ requestId: 'r', accountId: '1', apiId: 'a', stage: 'v1', httpMethod, path: `/v1${path}` },
      ...{ resourcePath: resource, identity: { sourceIp: '127.0.0.1' }, protocol: 'HTTP/1.1' },
      authorizer: {
        claims: { sub: 'ada', token_use: 'access', client_id: 'c', scope: 'aws.cognito.signin.user.admin' },
      },
    },
  };
}
