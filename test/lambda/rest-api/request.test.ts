import { readBody, readQuery, readRequest } from '../../../lambda/rest-api/request';
import { documentPatchSchema, listQuerySchema, newDocumentSchema } from '../../../lambda/rest-api/schemas';
import { newDocument } from './test-api';

const event = (more: object = {}) => ({
  httpMethod: 'POST',
  resource: '/documents',
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(newDocument),
  requestContext: { requestId: 'r-1' },
  ...more,
});
const read = (more?: object) => readBody(readRequest(event(more)), 'application/json', newDocumentSchema);
const query = (values: Record<string, string[]>) =>
  readQuery(readRequest(event({ multiValueQueryStringParameters: values })), listQuerySchema);
const refused = (status: number, ...errors: string[]) =>
  expect.objectContaining({ status, ...(errors.length === 0 ? {} : { options: { errors } }) }) as Error;

it('reads a body, base64-encoded too', () => {
  expect(read()).toEqual(newDocument);
  const body = Buffer.from(JSON.stringify(newDocument)).toString('base64');
  expect(read({ body, isBase64Encoded: true })).toEqual(newDocument);
});

it.each([
  ['text/plain', 415],
  ['', 415],
  ['application/jsonp', 415],
])('answers the content type %s with %d', (type, status) => {
  expect(() => read({ headers: { 'content-type': type } })).toThrow(refused(status));
});

it('names the content type of patches where another is sent', () => {
  const request = readRequest(event());
  const expected = { status: 415, options: { headers: { 'Accept-Patch': 'application/merge-patch+json' } } };
  expect(() => readBody(request, 'application/merge-patch+json', documentPatchSchema)).toThrow(
    expect.objectContaining(expected) as Error,
  );
});

it('answers a body above 64 KB with 413 unread', () => {
  expect(() => read({ body: 'é'.repeat(32_769) })).toThrow(refused(413));
});

it.each([
  ['{"a":1,"a":1}', 'body: use each key once'],
  ['[]', 'body: use an object'],
  [null, 'body: use valid JSON'],
])('answers the body %s with 400', (body, error) => {
  expect(() => read({ body })).toThrow(refused(400, error));
});

it('reads a query with its defaults', () => {
  expect(query({})).toEqual({ limit: 20 });
  expect(query({ limit: ['100'], tag: ['a'] })).toEqual({ limit: 100, tag: 'a' });
});

it.each([
  [{ limit: ['0'] }, 'limit: use a number from 1 to 100'],
  [{ limit: ['101'] }, 'limit: use a number from 1 to 100'],
  [{ limit: ['1e1'] }, 'limit: use a number from 1 to 100'],
  [{ limit: ['1', '2'] }, 'query: use each parameter once'],
  [{ page: ['1'] }, 'query: leave out the field that is not known'],
])('answers the query %j with 400', (values, error) => {
  expect(() => query(values as Record<string, string[]>)).toThrow(refused(400, error));
});
