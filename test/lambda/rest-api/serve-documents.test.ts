import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { jsonRefusal } from '../../fakes/json-service';
import { claimsOf, newDocument, TestApi } from './test-api';

let api: TestApi;
let output: CapturedOutput;
beforeEach(async () => {
  output = captureOutput();
  api = await new TestApi().open();
});
afterEach(async () => {
  await api.close();
  jest.restoreAllMocks();
});

const createOne = async (): Promise<string> => String((await api.create()).body['id']);

it('creates a document with its place, its ETag and a link for the upload', async () => {
  const { status, headers, body } = await api.create();
  expect(status).toBe(201);
  expect(headers).toMatchObject({
    ETag: '"1"',
    Location: `documents/${String(body['id'])}`,
    'Cache-Control': 'no-store',
  });
  expect(body).toMatchObject({ ...newDocument, status: 'awaiting-upload', upload: { method: 'PUT' } });
});

it('reads a document, with a link for the download once its content has arrived', async () => {
  const id = await createOne();
  expect((await api.get(id)).body).toMatchObject({ id, upload: { method: 'PUT' } });
  const item = api.dynamodb.item('Documents', { owner: { S: 'ada' }, documentId: { S: id } });
  api.dynamodb.put('Documents', { ...item, status: { S: 'available' } });
  const { status, headers, body } = await api.get(id);
  expect(status).toBe(200);
  expect(headers['ETag']).toBe('"1"');
  expect(body).toMatchObject({ status: 'available', download: { method: 'GET' } });
  expect(body['upload']).toBeUndefined();
});

it('changes what a merge patch names, and removes tags with null', async () => {
  const id = await createOne();
  const changed = await api.patch(id, { title: 'Final' }, '"1"');
  expect(changed).toMatchObject({ status: 200, headers: { ETag: '"2"' }, body: { title: 'Final', tags: ['reports'] } });
  expect(await api.patch(id, { tags: null }, '*')).toMatchObject({ status: 200, body: { title: 'Final', tags: [] } });
});

it('loses no change of others: 412 for an old ETag, 428 without one', async () => {
  const id = await createOne();
  await api.patch(id, { title: 'First' }, '"1"');
  for (const ifMatch of ['"1"', 'W/"2"', '"7", "8"', '"other"']) {
    expect((await api.patch(id, { title: 'Second' }, ifMatch)).status).toBe(412);
  }
  expect((await api.patch(id, { title: 'Second' }, undefined)).status).toBe(428);
  expect((await api.get(id)).body['title']).toBe('First');
  expect((await api.patch(id, { title: 'Second' }, '"9", "2"')).status).toBe(200);
});

it('deletes a document once, with an ETag only if it is the current one', async () => {
  const id = await createOne();
  expect((await api.remove(id, { headers: { 'if-match': '"2"' } })).status).toBe(412);
  expect(await api.remove(id, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 204, body: undefined });
  expect((await api.remove(id)).status).toBe(404);
  expect(api.s3.operations).toContain('DeleteObject');
});

it("answers 404 to every method for another caller's document, with or without an ETag", async () => {
  const id = await createOne();
  const claims = claimsOf('eve');
  const answers = [
    await api.get(id, { claims }),
    await api.patch(id, { title: 'Mine' }, '"1"', { claims }),
    await api.patch(id, { title: 'Mine' }, undefined, { claims }),
    await api.patch(id, { title: 'Mine' }, '"other"', { claims }),
    await api.remove(id, { claims }),
    await api.remove(id, { claims, headers: { 'if-match': '"9"' } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
  expect((await api.send({ claims })).body).toEqual({ documents: [] });
  expect((await api.get(id)).status).toBe(200);
});

/** Ids of the same millisecond have a random order. */
const inOrder = (ids: readonly unknown[]) => ids.map(String).sort((one, other) => (one < other ? -1 : 1));

it('lists each document once, page by page, by tag', async () => {
  const ids: unknown[] = [];
  for (let n = 0; n < 7; n += 1)
    ids.push((await api.create({ ...newDocument, tags: n % 2 ? ['odd'] : [] })).body['id']);
  const all = async (query: Record<string, string[]>): Promise<unknown[]> => {
    const { status, body } = await api.send({ query });
    expect(status).toBe(200);
    const found = (body['documents'] as { id: string }[]).map(({ id }) => id);
    const cursor = body['cursor'] as string | undefined;
    return cursor === undefined ? found : [...found, ...(await all({ ...query, cursor: [cursor] }))];
  };
  expect(await all({ limit: ['3'] })).toEqual(inOrder(ids));
  expect(await all({ limit: ['1'], tag: ['odd'] })).toEqual(inOrder([ids[1], ids[3], ids[5]]));
});

it("refuses a cursor that is changed, of another filter or another caller's", async () => {
  for (let n = 0; n < 2; n += 1) await createOne();
  const { body } = await api.send({ query: { limit: ['1'] } });
  const cursor = String(body['cursor']);
  for (const request of [
    { query: { cursor: [cursor.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))] } },
    { query: { cursor: [cursor], tag: ['reports'] } },
    { query: { cursor: [cursor] }, claims: claimsOf('eve') },
    { query: { cursor: ['x'] } },
  ]) {
    expect((await api.send(request)).status).toBe(400);
  }
});

it('hides a document whose content never arrived', async () => {
  const id = await createOne();
  const item = api.dynamodb.item('Documents', { owner: { S: 'ada' }, documentId: { S: id } });
  api.dynamodb.put('Documents', { ...item, expiresAt: { N: '1000' } });
  const answers = [await api.get(id), await api.patch(id, {}, '"1"'), await api.remove(id)];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect((await api.send()).body).toEqual({ documents: [] });
});

it.each([
  ['/{proxy+}', 'GET', 404, undefined],
  ['/', 'POST', 404, undefined],
  ['/documents', 'PUT', 405, 'GET, POST, OPTIONS'],
  ['/documents/{id}', 'POST', 405, 'GET, PATCH, DELETE, OPTIONS'],
  ['/documents', 'constructor', 405, 'GET, POST, OPTIONS'],
])('answers %s %s with %d', async (resource, method, status, allow) => {
  const answer = await api.send({ resource, method });
  expect(answer.status).toBe(status);
  expect(answer.headers['Allow']).toBe(allow);
  expect(answer.headers['Content-Type']).toBe('application/problem+json');
});

it.each(['x', '../../etc/passwd', '01890000-0000-4000-8000-000000000000', '%00'])(
  'answers 404 for the id %s',
  async (id) => {
    expect((await api.get(id)).status).toBe(404);
    expect(api.dynamodb.requests).toHaveLength(0);
  },
);

it('describes an invalid body by place, without what was received', async () => {
  const { status, body } = await api.create({ ...newDocument, title: '', secret: 'hunter2' });
  expect({ status, ...body }).toEqual({
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: 'the body is not valid',
    errors: ['title: use at least 1 character', 'body: leave out the field that is not known'],
    requestId: 'r-1',
  });
});

it('answers 500 with the id of the request alone, and logs no message of the error', async () => {
  api.dynamodb.before = () => jsonRefusal('ValidationException', 'the item of hunter2 is odd');
  const { status, body } = await api.create();
  expect(status).toBe(500);
  expect(body['requestId']).toBe('r-1');
  expect(JSON.stringify(body)).not.toMatch(/hunter2|Validation|at /);
  expect(output.lines('request failed')).toMatchObject([{ requestId: 'r-1', errorName: 'ValidationException' }]);
  expect(output.text).not.toContain('hunter2');
});

it('answers 503 with Retry-After while a service is busy', async () => {
  api.dynamodb.before = () => jsonRefusal('ThrottlingException');
  const { status, headers } = await api.create();
  expect({ status, retry: headers['Retry-After'] }).toEqual({ status: 503, retry: '1' });
});

it('takes a write whose answer was lost for its own', async () => {
  const id = await createOne();
  let lost = 0;
  api.dynamodb.after = ({ operation }) =>
    operation === 'UpdateItem' && lost++ === 0 ? jsonRefusal('InternalServerError', 'lost', {}, 500) : undefined;
  expect(await api.patch(id, { title: 'Final' }, '"1"')).toMatchObject({ status: 200, headers: { ETag: '"2"' } });
  expect(lost).toBe(2);
});

it('refuses writes alone while an operator has paused them', async () => {
  const id = await createOne();
  await api.close();
  api = await new TestApi().open();
  api.parameters.value = 'paused';
  const answers = [await api.create(), await api.patch(id, { title: 'Late' }, '"1"'), await api.remove(id)];
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(answers[0]).toMatchObject({
    headers: { 'Retry-After': '60' },
    body: { detail: expect.stringMatching(/paused/) },
  });
  expect(api.dynamodb.requests).toHaveLength(0);
  expect((await api.send()).status).toBe(200);
  expect(api.parameters.operations).toEqual(['GetParameter']);
});

it('accepts writes where Parameter Store cannot be read, and says so in the log', async () => {
  api.parameters.before = () => jsonRefusal('InternalServerError', 'out of order', {}, 500);
  expect((await api.create()).status).toBe(201);
  expect(output.lines('the parameter of writes cannot be read')).toMatchObject([{ errorName: 'InternalServerError' }]);
});

it('writes nothing that a caller sends to its log', async () => {
  const canary = { ...newDocument, title: 'canary-title', tags: ['canary-tag'] };
  const { body } = await api.create(canary, { claims: { ...claimsOf('ada'), username: 'canary-name' } });
  await api.patch(String(body['id']), { title: 'canary-title-2' }, '"1"');
  await api.send({ query: { tag: ['canary-tag'], cursor: ['canary-cursor'] } });
  expect(output.lines('request answered')).toHaveLength(3);
  expect(output.text).not.toContain('canary');
});

it('limits each caller where a limit is configured, and says what is left', async () => {
  await api.close();
  const limits = { RATE_LIMITS_TABLE_NAME: 'RateLimits', CALLER_REQUESTS_PER_SECOND: '0.5', CALLER_BURST: '2' };
  api = await new TestApi().open(limits);
  const answers = [await api.send(), await api.send(), await api.send()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers[0]!.headers).toMatchObject({ 'RateLimit-Policy': '"caller";q=2;w=4', RateLimit: '"caller";r=1' });
  expect(answers[2]!.headers).toMatchObject({ 'Retry-After': '2', RateLimit: '"caller";r=0;t=2' });
  expect(answers[2]!.body).toMatchObject({ status: 429, title: 'Too Many Requests' });
  expect((await api.send({ claims: claimsOf('eve') })).status).toBe(200);
});
