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

/** Sends a request and compares the answer with the description; returns the status. */
async function send(client: DocumentsClient, route: string, { method, path, init }: Sent): Promise<number> {
  const described = routes.find((one) => one.method === method && one.path === route);
  if (described === undefined) throw new Error(`the description has no ${method} ${route}`);
  const { status, body } = await client.send(method, path, init);
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
  let sent = 0;
  for (const [field, values] of Object.entries(wrongValues)) {
    for (const value of values) {
      const body = JSON.stringify({ ...valid, [field]: value });
      const init = { headers: { 'content-type': 'application/json' }, body };
      const status = await send(client, '/documents', { method: 'POST', path: 'documents', init });
      if (status !== 400) throw new Error(`${field} ${JSON.stringify(value)} answers ${status}`);
      sent += 1;
    }
  }
  run.assert(true, 'each broken field is answered with 400', `${sent} requests`);
  run.metric('requests with a broken field', sent);
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
