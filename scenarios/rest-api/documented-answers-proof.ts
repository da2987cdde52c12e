import { z } from 'zod';
import {
  documentListSchema,
  documentSchema,
  problemSchema,
  type DocumentBody,
  type NewDocument,
} from '../../lambda/rest-api/schemas';
import { commonErrors, routes } from '../../lib/rest-api/openapi';
import type { Check, ScenarioRun } from '../shared/scenario';
import type { DocumentsClient } from './client';
import { openClient, succeeded } from './deployment';

const schemas = { Document: documentSchema, DocumentList: documentListSchema };

/** Values that are wrong for one field, whatever the others are. */
const wrongValues: Readonly<Record<keyof NewDocument, readonly unknown[]>> = {
  title: [undefined, null, '', 5, {}, 'x'.repeat(201), 'a\u0000b'],
  contentType: [undefined, null, '', 'text', 'Text/Plain', 'text/plain; charset=utf-8', `a/${'b'.repeat(100)}`],
  bytes: [undefined, null, 0, -1, 1.5, '5', 1_073_741_825],
  tags: [null, 'a', [''], ['A'], ['a b'], [5], Array(11).fill('a'), ['a'.repeat(51)]],
};

/** The same for a change; undefined leaves a field out, and null removes tags. */
const wrongChanges: Readonly<Record<string, readonly unknown[]>> = {
  title: wrongValues.title.filter((value) => value !== undefined),
  tags: wrongValues.tags.filter((value) => value !== null),
  bytes: [5],
  owner: ['x'],
};

const wrongQueries = [
  ...['limit=0', 'limit=101', 'limit=x', 'limit=', 'limit=1&limit=2', 'page=1', 'cursor=x'],
  ...[`cursor=${'x'.repeat(201)}`, `tag=${'a'.repeat(51)}`],
];

const unknownId = '01890000-0000-7000-8000-000000000000';
const validRequests = 40;

export const documentedAnswersProof: Check = {
  name: 'documented-answers',
  title: 'every answer to valid requests and to each field broken has a status and a body that the description has',
  async run(run) {
    const client = await openClient(run, 'ada');
    await run.step(`${validRequests} valid documents`, () => sendValid(run, client));
    await run.step('each field broken in each way', () => sendBroken(run, client));
  },
};

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly init?: RequestInit;
}

/** Status that a request of a route must get. */
type Expected = [status: number, route: string, sent: Sent];

/** Sends a request and compares the answer with the description; returns the status. */
async function send(client: DocumentsClient, route: string, { method, path, init }: Sent): Promise<number> {
  const described = routes.find((one) => one.method === method && one.path === route);
  if (described === undefined) throw new Error(`the description has no ${method} ${route}`);
  const { status, body } = await client.sendAgain(method, path, init);
  const { success, errors = [] } = described;
  const isDescribed = status === success.status || [...commonErrors, ...errors].some((error) => error === status);
  if (!isDescribed || status >= 500) throw new Error(`${method} ${route} answers ${status}: ${JSON.stringify(body)}`);
  const expected = status < 400 ? success.answer && schemas[success.answer as keyof typeof schemas] : problemSchema;
  const parsed = z.safeParse(expected ?? z.undefined(), body);
  if (!parsed.success) throw new Error(`${method} ${route}, ${status}: ${z.prettifyError(parsed.error)}`);
  return status;
}

async function sendValid(run: ScenarioRun, client: DocumentsClient): Promise<void> {
  for (let n = 0; n < validRequests; n += 1) {
    const document = randomDocument(run);
    const created = succeeded(await client.create(document), 201);
    const { id } = created.body;
    run.assertEqual(fieldsOf(created.body), fieldsOf(document), 'the document as it was sent');
    const headers = { 'content-type': 'application/merge-patch+json', 'if-match': created.headers.get('etag') ?? '' };
    const title = randomDocument(run).title;
    const statuses = [
      await send(client, '/documents/{id}', { method: 'GET', path: `documents/${id}` }),
      await send(client, '/documents', {
        method: 'GET',
        path: `documents?limit=${1 + Math.floor(run.random() * 100)}`,
      }),
      await send(client, '/documents/{id}', {
        method: 'PATCH',
        path: `documents/${id}`,
        init: { headers, body: JSON.stringify({ title }) },
      }),
      await send(client, '/documents/{id}', { method: 'DELETE', path: `documents/${id}` }),
    ];
    run.assertEqual(statuses.join(), '200,200,200,204', `answers about document ${n + 1}`);
  }
}

async function sendBroken(run: ScenarioRun, client: DocumentsClient): Promise<void> {
  const valid = randomDocument(run);
  const { body, headers } = succeeded(await client.create(valid), 201);
  const path = `documents/${body.id}`;
  const ifMatch = headers.get('etag') ?? '';
  const post = (value: object) => bodyOf('application/json', value);
  const patch = (value: object, tag: string) => bodyOf('application/merge-patch+json', value, { 'if-match': tag });
  const requests: Expected[] = [
    ...eachWrong(wrongValues).map((wrong): Expected => {
      const init = post({ ...valid, ...wrong });
      return [400, '/documents', { method: 'POST', path: 'documents', init }];
    }),
    ...eachWrong(wrongChanges).map((wrong): Expected => {
      return [400, '/documents/{id}', { method: 'PATCH', path, init: patch(wrong, ifMatch) }];
    }),
    ...wrongQueries.map((query): Expected => {
      return [400, '/documents', { method: 'GET', path: `documents?${query}` }];
    }),
    [412, '/documents/{id}', { method: 'PATCH', path, init: patch({ title: 'Late' }, '"99"') }],
    [412, '/documents/{id}', { method: 'DELETE', path, init: { headers: { 'if-match': '"99"' } } }],
    [428, '/documents/{id}', { method: 'PATCH', path, init: bodyOf('application/merge-patch+json', {}) }],
    ...['GET', 'DELETE'].map((method): Expected => {
      return [404, '/documents/{id}', { method, path: `documents/${unknownId}` }];
    }),
    [404, '/documents/{id}', { method: 'PATCH', path: `documents/${unknownId}`, init: patch({}, '*') }],
  ];
  for (const [expected, route, sent] of requests) {
    const status = await send(client, route, sent);
    const { method, init } = sent;
    if (status !== expected) throw new Error(`${method} ${sent.path} ${JSON.stringify(init?.body)} answers ${status}`);
  }
  run.assert(
    true,
    'each broken part of a request is answered as the description has it',
    `${requests.length} requests`,
  );
  run.metric('requests with a broken part', requests.length);
}

/** An object for each wrong value of each field. */
function eachWrong(values: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown>[] {
  return Object.entries(values).flatMap(([field, wrong]) => wrong.map((value) => ({ [field]: value })));
}

function bodyOf(contentType: string, value: object, headers: Record<string, string> = {}): RequestInit {
  return { headers: { 'content-type': contentType, ...headers }, body: JSON.stringify(value) };
}

function fieldsOf({ title, contentType, bytes, tags }: Pick<DocumentBody, 'title' | 'contentType' | 'bytes' | 'tags'>) {
  return { title, contentType, bytes, tags };
}

/** Any valid document: titles of any script, with syntax of every language that may read them. */
function randomDocument({ random }: Pick<ScenarioRun, 'random'>): NewDocument & { tags: string[] } {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const words = ['Bericht', 'отчёт', '報告', '😀', '"quoted"', '<b>', "'; --", '${x}', '\\u0000', 'ﷺ', 'e\u0301'];
  const title = Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(words)).join(' ');
  const tags = [...new Set(Array.from({ length: Math.floor(random() * 5) }, () => pick(['a', 'b-1', '2026', 'x'])))];
  const contentType = pick(['text/plain', 'image/svg+xml', 'application/vnd.api+json', 'a/b']);
  return { title, contentType, bytes: 1 + Math.floor(random() * 1_073_741_824), tags };
}
